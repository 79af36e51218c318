"""Tells Airflow of the timetable, which the scheduler needs by name."""

from millrace_airflow.timetable import PeriodTimetable

from airflow.plugins_manager import AirflowPlugin


class MillracePlugin(AirflowPlugin):
    name = "millrace"
    timetables = [PeriodTimetable]
