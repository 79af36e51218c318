package io.millrace.table;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Columns by their exact name, whatever characters it has. */
public final class Columns {

  private Columns() {}

  /** The column; dots and spaces in its name are part of the name. */
  public static Column named(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }
}
