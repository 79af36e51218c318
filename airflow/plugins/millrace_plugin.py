"""Tells Airflow of the timetable, which the scheduler needs by name."""

from airflow.plugins_manager import AirflowPlugin
from millrace_airflow.timetable import PeriodTimetable


class MillracePlugin(AirflowPlugin):
    name = "millrace"
    timetables = [PeriodTimetable]
