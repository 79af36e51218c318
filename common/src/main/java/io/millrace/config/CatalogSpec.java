package io.millrace.config;

/** A catalog of names for the lake's tables. */
@Doc("A catalog in which analysts find the lake's tables by name.")
public record CatalogSpec(
    @Doc("hive: the metastore of Spark's own Hive settings.") @Default("hive") Service kind,
    @Doc("Database that gets the tables; made where it is absent.") @Default("millrace")
        String database) {

  /** What keeps the names. */
  public enum Service {
    /** A Hive metastore. */
    HIVE
  }
}
