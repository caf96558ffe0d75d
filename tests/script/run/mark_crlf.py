print("mark")
1/0