for k in range(100000):
    print("line", k)
