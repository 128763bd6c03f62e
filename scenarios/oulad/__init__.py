"""The Open University Learning Analytics Dataset as scenarios: real learners of a real course, day by day.

Kuzilek, Hlosta, Zdrahal: Open University Learning Analytics dataset. Scientific Data 4, 170171 (2017). CC BY 4.0.
"""
