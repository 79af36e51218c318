package io.millrace.ingest;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.config.SourceSpec;
import io.millrace.config.SourceSpec.ColumnType;
import io.millrace.config.SourceSpec.SchemaChange;
import io.millrace.config.SourceSpec.SchemaChange.Policy;
import io.millrace.ingest.FileColumns.FileColumn;
import io.millrace.ingest.Reconciled.Widened;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of a file whose columns differ from its table's.
 *
 * <p>No difference: another order, another case of a name, another width of the same sort of number
 * (int and long, float and double), and a column of text whose values would also fit a narrower
 * type than the table's. Everything else goes by the policies of {@link SchemaChange}.
 *
 * <p>{@code retyped: add} widens the table's column only where each of its values is kept: LONG to
 * DOUBLE (the values up to 2⁵³ in amount, which whoever rewrites the table has to look at), DATE to
 * TIMESTAMP, and LONG or DATE to STRING. A DOUBLE, BOOLEAN or TIMESTAMP has lost the text that it
 * was read from, so that it becomes no STRING: that is an error, whose mend is to declare the type.
 */
public final class SchemaChanges {

  private final ColumnTypes pinned;
  private final FileColumns file;
  private final SourceSpec spec;
  private final List<ColumnTypes.Column> added = new ArrayList<>();
  private final List<Widened> widened = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private SchemaChanges(ColumnTypes pinned, FileColumns file, SourceSpec spec) {
    this.pinned = pinned;
    this.file = file;
    this.spec = spec;
  }

  /**
   * Compares a file with its table.
   *
   * @param pinned the table's columns; {@link ColumnTypes#empty()} before there is a table, when
   *     all columns are taken as they are
   * @throws DataException if a policy says stop, a declared column isn't in the file, or nothing
   *     tells the type of a key or of the time
   * @throws SpecException if the time column is no date or timestamp
   */
  public static Reconciled reconcile(ColumnTypes pinned, FileColumns file, SourceSpec spec) {
    return new SchemaChanges(pinned, file, spec).reconcile();
  }

  /**
   * Compares files that come in together, as those of a snapshot do: each finds the table as the
   * files before it leave it, except that types of a table which isn't there yet are the narrowest
   * that fit all files.
   *
   * @return one per file, in order, all with the same table
   */
  public static List<Reconciled> reconcile(
      ColumnTypes pinned, List<FileColumns> files, SourceSpec spec) {
    boolean fresh = pinned.columns().isEmpty();
    ColumnTypes table = fresh ? widest(files) : pinned;
    List<Reconciled> all = new ArrayList<>();
    for (FileColumns file : files) {
      Reconciled one = reconcile(table, file, spec);
      table = one.table();
      all.add(one);
    }
    ColumnTypes last = table;
    return all.stream().map(one -> one.as(last)).toList();
  }

  private static ColumnTypes widest(List<FileColumns> files) {
    ColumnTypes table = ColumnTypes.empty();
    for (FileColumn column : files.get(0).columns()) {
      Optional<ColumnType> type =
          files.stream()
              .filter(file -> file.indexOf(column.name()) >= 0)
              .flatMap(file -> file.columns().get(file.indexOf(column.name())).type().stream())
              .reduce(ColumnTypes::widest);
      table = type.isPresent() ? table.with(column.name(), type.get()) : table;
    }
    return table;
  }

  private Reconciled reconcile() {
    requireDeclared();
    ColumnTypes table = pinned;
    for (FileColumn column : file.columns()) {
      Optional<ColumnTypes.Column> known = pinned.find(column.name());
      if (known.isPresent()) {
        table = table.with(column.name(), typeOf(known.get(), column));
      } else if (column.type().isPresent() && isTaken(column)) {
        table = table.with(column.name(), column.type().get());
      }
    }
    pinned.columns().stream()
        .filter(column -> file.indexOf(column.name()) < 0)
        .forEach(this::missing);
    requireTypes(table);
    requireTime(table);
    return new Reconciled(file, table, added, widened, notes);
  }

  private void requireDeclared() {
    Set<String> declared = new LinkedHashSet<>(spec.key());
    spec.time().ifPresent(declared::add);
    declared.addAll(spec.types().keySet().stream().sorted().toList());
    for (String name : declared) {
      if (file.indexOf(ColumnNames.safe(name)) < 0) {
        throw new DataException(
            "%s: no column %s, which the source declares; the nearest is %s"
                .formatted(file.file().uri(), name, ColumnNames.nearest(name, file.names())));
      }
    }
  }

  /**
   * A column without any value has no type; the table can do without it, unless it is one of these.
   */
  private void requireTypes(ColumnTypes table) {
    List<String> needed = new ArrayList<>(spec.key());
    spec.time().ifPresent(needed::add);
    for (String name : needed) {
      if (table.find(ColumnNames.safe(name)).isEmpty()) {
        throw new DataException(
            "%s: no row has a value of %s, so that its type isn't known; declare it as in types: {%s: %s}, or bring rows"
                .formatted(
                    file.file().uri(),
                    name,
                    name,
                    spec.time().filter(name::equals).isPresent() ? "timestamp" : "long"));
      }
    }
  }

  private void requireTime(ColumnTypes table) {
    Optional<ColumnTypes.Column> time = spec.time().flatMap(t -> table.find(ColumnNames.safe(t)));
    time.map(ColumnTypes.Column::type)
        .filter(type -> type != ColumnType.DATE && type != ColumnType.TIMESTAMP)
        .ifPresent(
            type -> {
              throw new SpecException(
                  "%s: the time column %s is a %s; give its pattern as in formats: {%s: dd/MM/yyyy}"
                      .formatted(file.file().uri(), time.get().name(), type, time.get().name()));
            });
  }

  private boolean isTaken(FileColumn column) {
    if (pinned.columns().isEmpty()) {
      return true;
    }
    String what = "column %s (%s)".formatted(column.name(), column.type().orElseThrow());
    switch (spec.schemaChange().added()) {
      case STOP ->
          throw new DataException(
              "%s: %s is new; set schema-change: {added: add} or {added: ignore}"
                  .formatted(file.file().uri(), what));
      case IGNORE -> notes.add("%s: %s is new and ignored".formatted(file.file().name(), what));
      case ADD -> {
        added.add(new ColumnTypes.Column(column.name(), column.type().get()));
        notes.add("%s: %s is new and added".formatted(file.file().name(), what));
      }
    }
    return spec.schemaChange().added() == Policy.ADD;
  }

  private void missing(ColumnTypes.Column column) {
    if (spec.schemaChange().missing() == Policy.STOP) {
      throw new DataException(
          "%s: no column %s, which the table has; the nearest is %s.\nset schema-change: {missing: ignore} to take its rows with nulls"
              .formatted(
                  file.file().uri(),
                  column.name(),
                  ColumnNames.nearest(column.name(), file.names())));
    }
    notes.add("%s: no column %s, its rows hold null".formatted(file.file().name(), column.name()));
  }

  /** The type that the table's column has once the file is in. */
  private ColumnType typeOf(ColumnTypes.Column known, FileColumn column) {
    if (column.type().isEmpty() || isNoChange(known.type(), column.type().get())) {
      return known.type();
    }
    ColumnType other = column.type().get();
    String what =
        "%s: column %s is a %s, in the table a %s"
            .formatted(file.file().uri(), known.name(), other, known.type());
    Policy policy = spec.schemaChange().retyped();
    if (policy == Policy.STOP) {
      throw new DataException(what + "; declare its type, or set schema-change: {retyped: ignore}");
    }
    ColumnType wide = ColumnTypes.widest(known.type(), other);
    if (policy == Policy.IGNORE || wide == known.type()) {
      notes.add(what + ", and cast");
      return known.type();
    }
    if (wide == ColumnType.STRING && !keepsText(known.type())) {
      throw new DataException(
          what + ", which has lost its text; declare types: {%s: string}".formatted(known.name()));
    }
    widened.add(new Widened(known.name(), known.type(), wide));
    notes.add(what + ", and widened to " + wide);
    return wide;
  }

  private boolean isNoChange(ColumnType table, ColumnType ofFile) {
    return table == ofFile || !file.told() && ColumnTypes.holds(table, ofFile);
  }

  private static boolean keepsText(ColumnType type) {
    return type == ColumnType.LONG || type == ColumnType.DATE;
  }
}
