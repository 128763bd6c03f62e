"""A small course with all that makes the real data awkward, in the form that they have. Nobody in it exists."""

from pathlib import Path

_PRESENTATION = "AAA,2013J"

COURSES = "code_module,code_presentation,module_presentation_length\nAAA,2013J,60\nBBB,2014B,40\n"

LEARNERS = """\
11,M,North,A Level or Equivalent,10-20,0-35,0,60,N,Pass,-30,
12,F,Wales,HE Qualification,10-20,0-35,1,120,N,Withdrawn,-29,20
13,F,Wales,HE Qualification,,35-55,0,60,N,Withdrawn,-12,-3
14,M,North,,10-20,0-35,0,60,N,Fail,,
15,M,South,No Formal quals,10-20,55<=,2,30,Y,Distinction,3,
16,F,South,Lower Than A Level,10-20,0-35,0,60,N,Fail,-29,
17,F,South,Lower Than A Level,10-20,0-35,0,60,N,Withdrawn,-1,12
"""

MILESTONES = """\
101,TMA,10,20.0
102,TMA,30,30.0
103,CMA,20,10.0
104,TMA,,40.0
105,Exam,,100.0
"""

SUBMISSIONS = """\
101,11,9,81.0,0
102,11,31,39.0,0
104,11,58,40.0,0
101,12,10,55.0,0
102,12,25,70.0,0
101,14,10,,0
101,15,-1,70.0,1
102,15,29,90.0,0
102,15,30,95.0,0
103,15,20,100.0,0
102,16,64,12.0,0
101,17,12,66.0,0
101,99,12,66.0,0
102,11,90,66.0,0
"""

ACTIVITY = """\
11,-3,5,1
11,2,7,2
11,9,30,4
11,25,30,4
11,31,30,4
11,50,2,1
12,0,4,1
12,10,4,1
14,-6,9,3
15,4,9,3
15,29,9,3
17,12,1,1
17,12,1,1
99,1,1,1
"""


def _table(header: str, rows: str) -> str:
    named = "".join(f"{_PRESENTATION},{row}\n" for row in rows.splitlines())
    return f"code_module,code_presentation,{header}\n{named}"


def write(folder: Path) -> Path:
    """The tables, uncompressed, in a folder that is made."""
    folder.mkdir()
    (folder / "courses.csv").write_text(COURSES)
    header = "id_student,gender,region,highest_education,imd_band,age_band,num_of_prev_attempts,studied_credits,"
    header += "disability,final_result,date_registration,date_unregistration"
    (folder / "learners.csv").write_text(_table(header, LEARNERS))
    (folder / "milestones.csv").write_text(_table("id_assessment,assessment_type,due_day,weight", MILESTONES))
    header = "id_assessment,id_student,submitted_day,score,is_banked"
    (folder / "submissions.csv").write_text(_table(header, SUBMISSIONS))
    (folder / "activity.csv").write_text(_table("id_student,day,clicks,pages", ACTIVITY))
    return folder
