package io.millrace.jobs.mirror;

import io.millrace.Hashes;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What a tracking server is told of a model version. What costs a look into the model's files is
 * found only where the server lacks it.
 *
 * @param pipeline its pipeline
 * @param version its version
 * @param name what people see of it in lists
 * @param started when its training began
 * @param ended when its training had ended
 * @param params settings, which never change
 * @param tags what else is known, which may change
 * @param place tags that name the lake; they change nothing by themselves, since one lake may be
 *     reached by two paths
 * @param metrics its figures
 * @param files names of the model's files and their SHA-256
 * @param content the bytes of a file
 */
public record TrackedModel(
    String pipeline,
    String version,
    String name,
    Instant started,
    Instant ended,
    Supplier<Map<String, String>> params,
    Map<String, String> tags,
    Map<String, String> place,
    List<TrackedMetric> metrics,
    Map<String, String> files,
    Content content) {

  /** Raised when the same facts are told in another way, so that all are told anew. */
  private static final int FORM = 1;

  private static final int LENGTH = 16;

  /** Reads a file of the model. */
  public interface Content {
    byte[] of(String file);
  }

  public TrackedModel {
    tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    place = Map.copyOf(place);
    metrics = List.copyOf(metrics);
    files = Collections.unmodifiableMap(new TreeMap<>(files));
  }

  /** Equal where the server need not be told again. */
  String digest() {
    return Hashes.sha256Hex(FORM + "\n" + tags + "\n" + files + "\n" + metrics)
        .substring(0, LENGTH);
  }
}
