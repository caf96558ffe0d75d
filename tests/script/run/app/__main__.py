import sys
import beside
print(sys.argv, sys.path[0], __file__, __name__, beside.value)
sys.exit("the end of a folder")
