package mooncake.lake;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files of one table, remembering which were created since the last [#begin]: those of the running
/// commit, to be deleted when it is certain to have failed. Iceberg itself keeps them after most
/// failures, and a full disk would get fuller with every attempt.
final class CommitFileIO implements FileIO {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(CommitFileIO.class);

    private final LocalFileIO files = new LocalFileIO();
    private final List<String> created = new ArrayList<>();

    void begin() {
        created.clear();
    }

    List<String> created() {
        return List.copyOf(created);
    }

    /// What cannot be deleted now stays: the failure that led here matters more.
    void undo() {
        delete(created);
        created.clear();
    }

    void delete(List<String> paths) {
        for (String path : paths) {
            try {
                files.deleteFile(path);
            } catch (RuntimeException e) {
                LOG.warn("file of a failed commit could not be deleted file={}", path, e);
            }
        }
    }

    @Override
    public InputFile newInputFile(String path) {
        return files.newInputFile(path);
    }

    @Override
    public OutputFile newOutputFile(String path) {
        created.add(path);
        return files.newOutputFile(path);
    }

    @Override
    public void deleteFile(String path) {
        files.deleteFile(path);
    }
}
