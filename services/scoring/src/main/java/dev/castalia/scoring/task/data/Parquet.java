package dev.castalia.scoring.task.data;

import dev.castalia.scoring.TaskException;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqStruct;
import dev.hardwood.row.StructAccessor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parquet files: rows as documents. */
final class Parquet {

  private Parquet() {}

  /**
   * All rows.
   *
   * @param most bytes that they may come to: a dictionary's text is on disk once, and in as many
   *     rows as point to it
   */
  static List<Map<String, Object>> read(Path file, long most) {
    List<Map<String, Object>> documents = new ArrayList<>();
    long bytes = 0;
    try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(file));
        RowReader rows = reader.rowReader()) {
      while (rows.hasNext()) {
        rows.next();
        Map<String, Object> document = fields(rows);
        bytes += Dataset.bytes(document);
        if (bytes > most) {
          throw DataFormat.tooLarge(file);
        }
        documents.add(document);
      }
      return documents;
    } catch (TaskException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new TaskException(file + ": not a Parquet file that can be read: " + e.getMessage(), e);
    }
  }

  private static Map<String, Object> fields(StructAccessor struct) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < struct.getFieldCount(); i++) {
      fields.put(struct.getFieldName(i), struct.isNull(i) ? null : value(struct.getValue(i)));
    }
    return fields;
  }

  private static Object value(Object value) {
    return switch (value) {
      case Integer number -> number.longValue();
      case Short number -> number.longValue();
      case Byte number -> number.longValue();
      case Float number -> number.doubleValue();
      case PqStruct struct -> fields(struct);
      case PqList list -> {
        List<Object> items = new ArrayList<>(list.size());
        list.values().forEach(item -> items.add(value(item)));
        yield items;
      }
      case null, default -> value;
    };
  }
}
