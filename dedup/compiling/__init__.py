"""How kernels are compiled, kept from one run to the next, and compiled ahead in several processes.

`kernels` makes one piece of machine code of a kernel and of all that it calls; `kept` is the store of these pieces,
`sources` what their names depend on; `listed` says which a scan needs, and `ahead` compiles these before it begins.
"""
