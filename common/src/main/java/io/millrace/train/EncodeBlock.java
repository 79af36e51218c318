package io.millrace.train;

import io.millrace.model.Encoders;
import io.millrace.model.FeatureSchema;
import io.millrace.model.RawRow;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/** Encodes one worker's rows, as {@link Placement#rows} lays them out. */
final class EncodeBlock implements Function2<Integer, Iterator<InternalRow>, Iterator<Block>> {

  private static final long serialVersionUID = 1L;
  private static final UTF8String TRAIN = UTF8String.fromString(Splitter.TRAIN);

  private final Encoders encoders;
  private final List<Encoders> folds;
  private final double[] classWeights;

  /**
   * @param encoders for rows that tune, and for those that train where there are no folds
   * @param folds for rows that train, by fold: fitted on the other folds' rows
   * @param classWeights by index of the class; empty for none
   */
  EncodeBlock(Encoders encoders, List<Encoders> folds, double[] classWeights) {
    this.encoders = encoders;
    this.folds = folds;
    this.classWeights = classWeights;
  }

  @Override
  public Iterator<Block> call(Integer worker, Iterator<InternalRow> rows) {
    FeatureSchema schema = encoders.schema();
    int n = schema.size();
    RawRow raw = new RawRow(n);
    float[] slots = new float[encoders.slots()];
    EncodedRows train = new EncodedRows(slots.length);
    EncodedRows tune = new EncodedRows(slots.length);
    UTF8String lastKey = null;
    String repeatedKey = "";
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      UTF8String key = row.getUTF8String(n + 4);
      if (key == null || key.equals(lastKey)) {
        repeatedKey = String.valueOf(key);
      }
      lastKey = key == null ? null : key.copy();
      read(row, schema, raw);
      boolean trains = row.getUTF8String(n + 2).equals(TRAIN);
      encodersOf(trains, row.getLong(n + 3)).encode(raw, slots);
      double label = row.getDouble(n);
      double weight = row.getDouble(n + 1);
      double classWeight = classWeights.length == 0 ? 1 : classWeights[(int) label];
      (trains ? train : tune).add(slots, label, weight * classWeight);
    }
    train.trim();
    tune.trim();
    return List.of(new Block(worker, train, tune, repeatedKey)).iterator();
  }

  private Encoders encodersOf(boolean trains, long hash) {
    return trains && !folds.isEmpty() ? folds.get(fold(hash, folds.size())) : encoders;
  }

  /** The fold of a row; another bit range than the one that chooses its worker. */
  static int fold(long hash, int folds) {
    return (int) ((hash >>> 32) % folds);
  }

  private static void read(InternalRow row, FeatureSchema schema, RawRow raw) {
    raw.clear();
    for (int i = 0; i < schema.size(); i++) {
      if (row.isNullAt(i)) {
        continue;
      }
      switch (schema.features().get(i).kind()) {
        case NUMERIC -> raw.setNumber(i, row.getDouble(i));
        case BOOLEAN -> raw.setFlag(i, row.getBoolean(i));
        case CATEGORY -> readText(row.getUTF8String(i), raw, i);
      }
    }
  }

  private static void readText(UTF8String text, RawRow raw, int feature) {
    int start = raw.reserveText(feature, text.numBytes());
    text.writeToMemory(raw.text(), Platform.BYTE_ARRAY_OFFSET + start);
  }
}
