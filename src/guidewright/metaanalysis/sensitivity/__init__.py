"""How fragile a result is: one module for each method, with a function of its name.

Refits: :mod:`.leave_one_out`, :mod:`.cumulative`, :mod:`.influence`, :mod:`.baujat`, :mod:`.gosh` (all subsets).
Other choices: :mod:`.multiverse`. Other counts: :mod:`.fragility` (one trial), :mod:`.pooled_fragility`.
The true effects: :mod:`.shrinkage`, :mod:`.true_effects`, :mod:`.tau2_profile`.
More data to come: :mod:`.information_size`, :mod:`.boundaries`, :mod:`.trial_sequential`.
"""
