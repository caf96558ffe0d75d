import linecache
print("a module of the script's own:", linecache.mine)
1 / 0
