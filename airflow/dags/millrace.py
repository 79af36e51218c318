"""
All DAGs of Millrace: `<pipeline>_daily` and `<pipeline>_train` for each spec of the conf folder.

A spec that no DAG can be made of hides no other one. Its faults are the import errors of the bundle
`millrace_airflow.bundle.SpecFaults`: Airflow keeps one import error for a file and switches off all DAGs of a file that
has one, so they can't be raised here.
"""

from __future__ import annotations

import logging

from airflow.sdk import get_parsing_context
from millrace_airflow.dags import Builder, notifiers
from millrace_airflow.place import Place
from millrace_airflow.specs import read_all

log = logging.getLogger(__name__)

place = Place.of()
builder = Builder(place.env, notifiers())
wanted = get_parsing_context().dag_id  # a worker wants one of them
specs, faults = read_all(place.conf)
dags, odd = builder.all(spec for spec in specs if wanted is None or wanted.rpartition("_")[0] == spec.name)
for dag in dags:
    globals()[dag.dag_id] = dag
if wanted is None:
    for fault in {**faults, **odd}.values():
        log.error("no DAG: %s", fault)
