"""Who gets which mentor: the best assignment for everybody who waits, with its proof and its explanation.

In reading order: pool, what a round is decided on; learner, the profile from the intake's answers; policy, what the kit
says about points and rules; roster, tables and scores, how well each pair fits; costs and pins; matched, the problem in
numbers and its solution; draft and match, what is proposed; explanation and explaining, why, and what everything else
would cost. Numbers alone, without kit and people: problem, exact, optimum, flow, prices, certificate, blocking. Groups
are formed in groups.
"""
