package io.millrace.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.expressions.InSet;
import org.apache.spark.sql.catalyst.expressions.InterpretedMutableProjection;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.files.TahoeBatchFileIndex;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The files of a pinned table as a Spark relation lists them: out of memory, by partition and by
 * run.
 *
 * <p>Delta's own index runs a Spark query over the log for each read, a fifth of a second of a
 * small table's whole reading; here the list is known already, for the pin has read the log.
 */
final class PinnedFileIndex extends TahoeBatchFileIndex {

  private static final String ZONE = "UTC";

  private final Map<String, DataFile> known;

  PinnedFileIndex(
      SparkSession spark, DeltaLog log, Path path, Snapshot snapshot, List<DataFile> files) {
    super(spark, "pinned", adds(files), log, path, snapshot, true);
    this.known = new HashMap<>();
    files.forEach(file -> known.put(file.logPath(), file));
  }

  /** What the log says of files without deletion vectors. */
  static Seq<AddFile> adds(List<DataFile> files) {
    return CollectionConverters.asScala(files.stream().map(PinnedFileIndex::add).toList()).toSeq();
  }

  static AddFile add(DataFile file) {
    return new AddFile(
        file.logPath(),
        scala.collection.immutable.Map.from(CollectionConverters.asScala(file.partition())),
        file.bytes(),
        file.modified(),
        true,
        null,
        null,
        null,
        scala.Option.empty(),
        scala.Option.empty(),
        scala.Option.empty(),
        scala.Option.empty(),
        scala.Option.empty());
  }

  @Override
  public Seq<AddFile> matchingFiles(Seq<Expression> partitionFilters, Seq<Expression> dataFilters) {
    List<Predicate<DataFile>> tests = new ArrayList<>();
    CollectionConverters.asJava(partitionFilters).forEach(filter -> tests.add(ofPartition(filter)));
    CollectionConverters.asJava(dataFilters)
        .forEach(filter -> runsOf(filter).ifPresent(runs -> tests.add(file -> has(file, runs))));
    List<AddFile> matching = new ArrayList<>();
    for (AddFile add : CollectionConverters.asJava(addFiles())) {
      DataFile file = known.get(add.path());
      if (tests.stream().allMatch(test -> test.test(file))) {
        matching.add(add);
      }
    }
    return CollectionConverters.asScala(matching).toSeq();
  }

  private static Predicate<DataFile> ofPartition(Expression filter) {
    Seq<Attribute> references = filter.references().toSeq();
    List<Attribute> columns = CollectionConverters.asJava(references);
    var bound =
        new InterpretedMutableProjection(
            CollectionConverters.asScala(List.of(filter)).toSeq(), references);
    return file -> {
      Object[] values =
          columns.stream().map(column -> value(column, file.partition())).toArray(Object[]::new);
      InternalRow held = bound.apply(new GenericInternalRow(values));
      return !held.isNullAt(0) && held.getBoolean(0);
    };
  }

  private static Object value(Attribute column, Map<String, String> partition) {
    Expression text =
        new Literal(UTF8String.fromString(partition.get(column.name())), DataTypes.StringType);
    return new Cast(text, column.dataType(), scala.Option.apply(ZONE), Cast.apply$default$4())
        .eval(InternalRow.empty());
  }

  /** False only where no row of the file can be of these runs. */
  private static boolean has(DataFile file, Set<String> runs) {
    return file.runIds().isEmpty() || file.runIds().stream().anyMatch(runs::contains);
  }

  /** The runs that a filter asks for; empty where it asks for something else. */
  private static Optional<TreeSet<String>> runsOf(Expression filter) {
    if (filter instanceof EqualTo equal && isRun(equal.left()) && isText(equal.right())) {
      return Optional.of(new TreeSet<>(List.of(equal.right().toString())));
    }
    if (filter instanceof InSet set && isRun(set.child())) {
      TreeSet<String> runs = new TreeSet<>();
      CollectionConverters.asJava(set.hset()).forEach(run -> runs.add(String.valueOf(run)));
      return Optional.of(runs);
    }
    if (filter instanceof In in && isRun(in.value())) {
      List<Expression> list = CollectionConverters.asJava(in.list());
      if (list.stream().allMatch(PinnedFileIndex::isText)) {
        TreeSet<String> runs = new TreeSet<>();
        list.forEach(run -> runs.add(run.toString()));
        return Optional.of(runs);
      }
    }
    return Optional.empty();
  }

  private static boolean isRun(Expression expression) {
    return expression instanceof Attribute column && column.name().equals(RawColumns.RUN_ID);
  }

  private static boolean isText(Expression expression) {
    return expression instanceof Literal literal && literal.value() instanceof UTF8String;
  }
}
