package io.millrace.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where rows come from. Paths are globs; {@code {date}} (2026-01-31) or {@code {month}} (2026-01)
 * in a file's name is the day of that file, and a file of a later day than the logical date isn't
 * there yet.
 */
@Doc("A source of rows.")
public sealed interface SourceSpec {

  /** Glob of files, or the path of a Delta table. */
  String path();

  /** Columns that identify a row; empty: made of content and occurrence. */
  List<String> key();

  /** The column that says when a row happened; its UTC day partitions the raw table. */
  Optional<String> time();

  Load load();

  /** Declared types by column; they win over inferred ones. */
  Map<String, ColumnType> types();

  /** Patterns (Spark's datetime patterns) of date and timestamp columns that aren't ISO. */
  Map<String, String> formats();

  /** Texts that mean null, after trimming where {@code trim} is set. */
  List<String> nulls();

  SchemaChange schemaChange();

  /** How files add up. */
  enum Load {
    /** Each file adds rows, once. */
    APPEND,
    /** All files of one ingest are the whole state on that day. */
    SNAPSHOT
  }

  /** Types that a column can be declared as. */
  enum ColumnType {
    STRING,
    BOOLEAN,
    LONG,
    DOUBLE,
    DATE,
    TIMESTAMP
  }

  /** What to do about a column that is new, missing or of another type than the table's. */
  @Doc("What to do when a later file's columns differ from the table's.")
  record SchemaChange(
      @Doc("A column that the table doesn't have: add it, ignore it, or stop.") @Default("add")
          Policy added,
      @Doc("A column that the file doesn't have: ignore (its rows hold null), or stop.")
          @Default("stop")
          Policy missing,
      @Doc(
              "A column of another type. add: the table's column becomes wider where each of its"
                  + " values is kept (all rows are written anew), a narrower one is cast; ignore:"
                  + " cast to the table's type, values that don't fit go to quarantine; stop: an"
                  + " error.")
          @Default("ignore")
          Policy retyped) {

    /** A policy for one sort of change. */
    public enum Policy {
      ADD,
      IGNORE,
      STOP
    }
  }

  /** Separated text. */
  @Kind("csv")
  @Doc("Separated text: CSV, TSV and their kin; gzip by the file's ending.")
  record Csv(
      @Doc("Glob of the files.") String path,
      @Doc("Columns that identify a row.") @Default("[]") List<String> key,
      @Doc("Column that says when a row happened.") Optional<String> time,
      @Doc("append or snapshot.") @Default("append") Load load,
      @Doc("Declared types; they win over inferred ones.") @Default("{}")
          Map<String, ColumnType> types,
      @Doc("Patterns of dates and timestamps that aren't ISO.") @Default("{}")
          Map<String, String> formats,
      @Doc("Texts that mean null.") @Default("[\"\"]") List<String> nulls,
      @Doc("What to do when columns change.") @Default("{}") SchemaChange schemaChange,
      @Doc("Text between two fields.") @Default("\",\"") String separator,
      @Doc("Quote character; empty switches quoting off.") @Default("'\"'") String quote,
      @Doc("Character that escapes a quote inside quotes.") @Default("'\"'") String escape,
      @Doc("Whether the first line of each file names the columns.") @Default("true")
          boolean header,
      @Doc("Names of all columns, in order: of files without a header, or in place of theirs.")
          @Default("[]")
          List<String> columns,
      @Doc("Whether white space around fields is cut off.") @Default("false") boolean trim,
      @Doc("Whether quoted fields may hold line ends.") @Default("false") boolean multiLine,
      @Doc("Character set of the files.") @Default("UTF-8") String encoding)
      implements SourceSpec {

    public Csv {
      key = List.copyOf(key);
      types = SortedMaps.copyOf(types);
      formats = SortedMaps.copyOf(formats);
      nulls = List.copyOf(nulls);
      columns = List.copyOf(columns);
    }
  }

  /** JSON lines. */
  @Kind("json")
  @Doc("JSON lines: one object a line.")
  record Json(
      @Doc("Glob of the files.") String path,
      @Doc("Columns that identify a row.") @Default("[]") List<String> key,
      @Doc("Column that says when a row happened.") Optional<String> time,
      @Doc("append or snapshot.") @Default("append") Load load,
      @Doc("Declared types; they win over inferred ones.") @Default("{}")
          Map<String, ColumnType> types,
      @Doc("Patterns of dates and timestamps that aren't ISO.") @Default("{}")
          Map<String, String> formats,
      @Doc("Texts that mean null.") @Default("[\"\"]") List<String> nulls,
      @Doc("What to do when columns change.") @Default("{}") SchemaChange schemaChange)
      implements SourceSpec {

    public Json {
      key = List.copyOf(key);
      types = SortedMaps.copyOf(types);
      formats = SortedMaps.copyOf(formats);
      nulls = List.copyOf(nulls);
    }
  }

  /** Parquet files. */
  @Kind("parquet")
  @Doc("Parquet files.")
  record Parquet(
      @Doc("Glob of the files.") String path,
      @Doc("Columns that identify a row.") @Default("[]") List<String> key,
      @Doc("Column that says when a row happened.") Optional<String> time,
      @Doc("append or snapshot.") @Default("append") Load load,
      @Doc("Declared types; they win over the files'.") @Default("{}")
          Map<String, ColumnType> types,
      @Doc("Patterns of dates and timestamps that are text and aren't ISO.") @Default("{}")
          Map<String, String> formats,
      @Doc("Texts that mean null.") @Default("[]") List<String> nulls,
      @Doc("What to do when columns change.") @Default("{}") SchemaChange schemaChange)
      implements SourceSpec {

    public Parquet {
      key = List.copyOf(key);
      types = SortedMaps.copyOf(types);
      formats = SortedMaps.copyOf(formats);
      nulls = List.copyOf(nulls);
    }
  }

  /** ORC files. */
  @Kind("orc")
  @Doc("ORC files.")
  record Orc(
      @Doc("Glob of the files.") String path,
      @Doc("Columns that identify a row.") @Default("[]") List<String> key,
      @Doc("Column that says when a row happened.") Optional<String> time,
      @Doc("append or snapshot.") @Default("append") Load load,
      @Doc("Declared types; they win over the files'.") @Default("{}")
          Map<String, ColumnType> types,
      @Doc("Patterns of dates and timestamps that are text and aren't ISO.") @Default("{}")
          Map<String, String> formats,
      @Doc("Texts that mean null.") @Default("[]") List<String> nulls,
      @Doc("What to do when columns change.") @Default("{}") SchemaChange schemaChange)
      implements SourceSpec {

    public Orc {
      key = List.copyOf(key);
      types = SortedMaps.copyOf(types);
      formats = SortedMaps.copyOf(formats);
      nulls = List.copyOf(nulls);
    }
  }

  /** A Delta table outside the lake; each of its data files is one file of the source. */
  @Kind("delta")
  @Doc("A Delta table: each data file of its newest version is taken like a file.")
  record Delta(
      @Doc("Path of the table.") String path,
      @Doc("Columns that identify a row.") @Default("[]") List<String> key,
      @Doc("Column that says when a row happened.") Optional<String> time,
      @Doc("append or snapshot.") @Default("append") Load load,
      @Doc("Declared types; they win over the table's.") @Default("{}")
          Map<String, ColumnType> types,
      @Doc("Patterns of dates and timestamps that are text and aren't ISO.") @Default("{}")
          Map<String, String> formats,
      @Doc("Texts that mean null.") @Default("[]") List<String> nulls,
      @Doc("What to do when columns change.") @Default("{}") SchemaChange schemaChange)
      implements SourceSpec {

    public Delta {
      key = List.copyOf(key);
      types = SortedMaps.copyOf(types);
      formats = SortedMaps.copyOf(formats);
      nulls = List.copyOf(nulls);
    }
  }
}
