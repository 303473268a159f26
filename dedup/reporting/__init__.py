"""From a result to what people and programs read: the tables, the summary, one cluster side by side."""
