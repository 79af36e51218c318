package io.millrace.config;

import java.util.Optional;

/** A catalog in which people find the lake's tables by name. */
@Doc("A catalog in which people and their tools find the lake's tables by name.")
public record CatalogSpec(
    @Doc(
            "Schema for the tables and views, made if it isn't there: a name, or catalog.schema"
                + " where spark: tells of a catalog of another kind (spark.sql.catalog.NAME).")
        String schema,
    @Doc("Hive metastore, thrift://host:9083; absent: as the cluster and spark: say.")
        Optional<String> metastore) {

  static final String SCHEMA = "[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)?";
  static final String METASTORE = "thrift://[^\\s/:,]+:[0-9]+(,thrift://[^\\s/:,]+:[0-9]+)*";
}
