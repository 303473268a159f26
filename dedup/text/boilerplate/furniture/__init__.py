"""Furniture by its own shape: menus, lists of links and forms, on pages that also have prose.

Text is told from furniture by the length of its lines and by that of their neighbours, after Kohlschuetter,
Fankhauser and Nejdl, Boilerplate detection using shallow text features (WSDM 2010), and Pomikalek's jusText (2011).
"""
