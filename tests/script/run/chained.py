try:
    try:
        1 / 0
    except ZeroDivisionError:
        {}["k"]
except KeyError as error:
    error.add_note("with a note")
    raise ExceptionGroup("several", [error, ValueError("another")]) from None
