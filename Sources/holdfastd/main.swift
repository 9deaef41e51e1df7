print("holdfastd")
