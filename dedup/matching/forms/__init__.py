"""Forms: the slots of template reports, numbers and names, that are filled anew week by week."""
