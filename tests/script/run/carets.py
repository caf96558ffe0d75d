def area(shape):
    return shape["sides"][0] * shape["sides"][1]["length"]


print("before")
print(area({"sides": [2,
                      [3]]}))
