"""What ranked wishes add to a pair's points: the first wish the most, each further one a point less."""

from collections.abc import Iterator, Sequence

from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms


def ranked(wishes: Sequence[str], most: int) -> Sequence[str]:
    """As many as the kit allows, without repeats."""
    return list(dict.fromkeys(wishes))[:most]


def worth(rank: int, terms: Terms) -> float:
    """The points of a wish; the first has rank 0."""
    return max(terms.wish_points - rank, 0.0)


def granted(learner: Learner, mentor: Mentor, terms: Terms) -> Iterator[tuple[str, int]]:
    """Who of the two wished for the other, and at which rank."""
    of_learner = ranked(learner.profile.wishes, terms.wishes_of_learners)
    if mentor.mentor in of_learner:
        yield "learner", of_learner.index(mentor.mentor)
    of_mentor = ranked(mentor.profile.wishes, terms.wishes_of_mentors)
    if learner.learner in of_mentor:
        yield "mentor", of_mentor.index(learner.learner)


def wish_points(learner: Learner, mentor: Mentor, terms: Terms) -> float:
    return sum(worth(rank, terms) for _, rank in granted(learner, mentor, terms))


def in_words(learner: Learner, mentor: Mentor, terms: Terms) -> str:
    """Empty where neither wished for the other."""
    said = [
        f"is wish {rank + 1} of the learner" if who == "learner" else f"has the learner as wish {rank + 1}"
        for who, rank in granted(learner, mentor, terms)
    ]
    return " and ".join(said)
