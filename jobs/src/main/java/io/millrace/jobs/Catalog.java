package io.millrace.jobs;

import io.millrace.Hashes;
import io.millrace.config.CatalogSpec;
import io.millrace.jobs.console.Console;
import io.millrace.table.Lake;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Makes the tables of a lake known by name in the catalog of a place: the same names and views as
 * those of a query here ({@link LakeViews}). What is there already costs two short questions. A
 * catalog that fails is a warning; whoever has a session next does what is missing.
 */
record Catalog(CatalogSpec spec, Lake lake, Console console) {

  /** Of the schema: which lake its tables are of, and what its views were made of. */
  private static final String LAKE = "millrace.lake";

  private static final String VIEWS = "millrace.views";

  void register() {
    try {
      SparkSession spark = lake.spark();
      // What a person makes there without a place of its own has to lie somewhere that stays.
      String folder =
          spec.schema().contains(".") ? "" : " location '%s'".formatted(path("_catalog"));
      spark.sql("create schema if not exists " + schema() + folder);
      LakeViews views = LakeViews.of(lake);
      String owner = property(LAKE);
      if (owner.isEmpty()) {
        setProperty(LAKE, lake.root());
      } else if (!owner.equals(lake.root())) {
        warn("its tables are those of the lake " + owner + "; give this place another schema");
        return;
      }
      Set<String> there = names();
      views
          .tables()
          .forEach(
              (name, table) -> {
                if (!there.contains(name)) {
                  spark.sql(
                      "create table if not exists %s using delta location '%s'"
                          .formatted(name(name), path(table)));
                }
              });
      makeViews(views, there);
    } catch (Exception e) {
      String said = String.valueOf(root(e).getMessage()).lines().findFirst().orElse("");
      warn(said.length() > 200 ? said.substring(0, 200) + " …" : said);
    }
  }

  /** Hive wraps what happened several times. */
  private static Throwable root(Throwable e) {
    return e.getCause() == null || e.getCause() == e ? e : root(e.getCause());
  }

  private String path(String name) {
    return lake.path(name).toString().replace("'", "\\'");
  }

  private void warn(String fault) {
    console.warn("catalog.schema " + spec.schema() + ": not brought up to date: " + fault);
  }

  /** All of them, where one is missing or the text of one is another. */
  private void makeViews(LakeViews views, Set<String> there) {
    Map<String, String> statements = views.persistent(this::name);
    String hash = Hashes.sha256Hex(String.join(";", statements.values()));
    if (there.containsAll(statements.keySet()) && property(VIEWS).equals(hash)) {
      return;
    }
    statements.values().forEach(lake.spark()::sql);
    setProperty(VIEWS, hash);
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>();
    for (Row row : lake.spark().sql("show tables in " + schema()).collectAsList()) {
      if (!row.getString(row.fieldIndex("namespace")).isEmpty()) {
        names.add(row.getString(row.fieldIndex("tableName")));
      }
    }
    return names;
  }

  private String schema() {
    return "`" + spec.schema().replace(".", "`.`") + "`";
  }

  private String name(String table) {
    return schema() + ".`" + table + "`";
  }

  private String property(String key) {
    Pattern pair = Pattern.compile("\\(" + Pattern.quote(key) + ",([^)]*)\\)");
    for (Row row : lake.spark().sql("describe schema extended " + schema()).collectAsList()) {
      if (row.getString(0).equals("Properties")) {
        Matcher matcher = pair.matcher(row.getString(1));
        return matcher.find() ? matcher.group(1) : "";
      }
    }
    return "";
  }

  private void setProperty(String key, String value) {
    lake.spark()
        .sql(
            "alter schema %s set dbproperties ('%s' = '%s')"
                .formatted(schema(), key, value.replace("'", "\\'")));
  }
}
