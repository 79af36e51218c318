"""Runs statements that make views, then queries, in Spark, and writes each query's rows as a line of JSON: in the environment `spark`, see test_analysts.py."""

import json
import re
import sys
from pathlib import Path

from pyspark.sql import SparkSession

asked = json.loads(Path(sys.argv[1]).read_text())
builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC")
for key, value in asked["settings"].items():
    builder = builder.config(key, value)
spark = builder.getOrCreate()
for statement in asked["statements"]:
    spark.sql(statement)
    # Views read each other, and each is asked for several times.
    spark.catalog.cacheTable(re.search(r"view (\S+) as", statement)[1])
answers = [[row.asDict(recursive=True) for row in spark.sql(query).collect()] for query in asked["queries"]]
Path(sys.argv[2]).write_text("".join(json.dumps(rows, default=str) + "\n" for rows in answers))
spark.stop()
