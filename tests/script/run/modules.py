import helper_module
from dataclasses import dataclass


@dataclass
class Point:
    x: int = 3


print(helper_module.twice(Point().x), helper_module.__file__.endswith("helper_module.py"))
helper_module.fail()
