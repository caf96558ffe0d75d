import io
import os
import sys

real = sys.stdout
sys.stdout = io.StringIO()
print("into memory")
text = sys.stdout.getvalue()
sys.stdout = real
print(repr(text), flush=True)
os.write(1, b"by descriptor\n")
sys.stdout.buffer.write(b"bytes\n")
sys.stdout = None
print("nowhere")
sys.stdout = sys.__stdout__
print("\ud800")
