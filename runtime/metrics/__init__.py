"""What /metrics shows. Figures of the whole installation come from one process, the rest from each.

declaring (what a metric is called and says), then a file for each subject, figures (the list of all subjects),
collector (one process reads them and shows them), process (what each process knows of itself).
"""

from runtime.metrics.collector import Metrics
from runtime.metrics.declaring import Family, Figures
from runtime.metrics.figures import FIGURES
from runtime.metrics.process import ProcessCollector

__all__ = ["FIGURES", "Family", "Figures", "Metrics", "ProcessCollector"]
