package io.millrace.table;

import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.defaults.engine.DefaultParquetHandler;
import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Kernel's Parquet files, whose checkpoints get their names when all of them is written. Kernel's
 * own writer closes a checkpoint in any case, and closing gives it its name: where the log that it
 * is made of can't be read to the end, that is a valid file of some of the actions, from which
 * every reader would take the table; where the disk is full, one that no reader can open.
 */
final class WholeCheckpoints extends DefaultParquetHandler {

  private final Configuration hadoop;

  WholeCheckpoints(FileIO files, Configuration hadoop) {
    super(files);
    this.hadoop = hadoop;
  }

  /**
   * Writes one file beside, and then renames it.
   *
   * @throws FileAlreadyExistsException where the file system doesn't replace one that is there
   */
  @Override
  public void writeParquetFileAtomically(
      String location, CloseableIterator<FilteredColumnarBatch> data) throws IOException {
    Path target = new Path(location);
    Path draft = new Path(target.getParent(), "." + target.getName() + "." + UUID.randomUUID());
    FileSystem files = target.getFileSystem(hadoop);
    boolean named = false;
    try {
      super.writeParquetFileAtomically(draft.toString(), data);
      named = files.rename(draft, target);
    } finally {
      if (!named) {
        files.delete(draft, false);
      }
    }
    if (!named && files.exists(target)) {
      throw new FileAlreadyExistsException(target.toString());
    } else if (!named) {
      throw new IOException(target + " can't be written");
    }
  }
}
