package dev.castalia.scoring.checkpoint.torch;

import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.checkpoint.DType;
import dev.castalia.scoring.checkpoint.StoredTensor;
import dev.castalia.scoring.checkpoint.Weights;
import dev.castalia.scoring.checkpoint.torch.Pickle.Call;
import dev.castalia.scoring.checkpoint.torch.Pickle.Global;
import dev.castalia.scoring.checkpoint.torch.Pickle.Persistent;
import dev.castalia.scoring.checkpoint.torch.Pickle.PickleException;
import dev.castalia.scoring.checkpoint.torch.StoredEntries.Entry;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads where the tensors of a {@code pytorch_model.bin} lie: a zip archive (PyTorch's form since
 * 1.6) with a state dictionary as {@code data.pkl} and the tensors' bytes, uncompressed, under
 * {@code data/}. The pickle is read as data; see {@link Pickle}.
 */
public final class TorchFile {

  /** Bytes; that of a file of 1,000 tensors has about 150,000. */
  private static final int MAX_PICKLE = 16 << 20;

  private static final Global REBUILD_TENSOR = new Global("torch._utils", "_rebuild_tensor_v2");
  private static final Global REBUILD_PARAMETER = new Global("torch._utils", "_rebuild_parameter");

  private static final Map<Global, DType> STORAGES =
      Map.of(
          storage("FloatStorage"), DType.F32,
          storage("HalfStorage"), DType.F16,
          storage("BFloat16Storage"), DType.BF16,
          storage("DoubleStorage"), DType.F64,
          storage("LongStorage"), DType.I64,
          storage("IntStorage"), DType.I32,
          storage("ShortStorage"), DType.I16,
          storage("CharStorage"), DType.I8,
          storage("ByteStorage"), DType.U8,
          storage("BoolStorage"), DType.BOOL);

  private static final Set<Global> ALLOWED = allowed();

  private final Path file;

  private TorchFile(Path file) {
    this.file = file;
  }

  /**
   * The tensors of one file.
   *
   * @throws CheckpointException if it is not a whole, consistent file, or its pickle asks for
   *     anything but tensors
   */
  public static Weights read(Path file) {
    try {
      return new TorchFile(file.toRealPath()).read();
    } catch (IOException e) {
      throw CheckpointException.unreadable(file, e);
    }
  }

  private Weights read() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      requireZip(channel);
      Map<String, Entry> entries = StoredEntries.read(file, channel);
      String root = root(entries);
      requireLittleEndian(channel, entries.get(root + "byteorder"));
      ByteBuffer pickle = content(channel, entries.get(root + "data.pkl"), MAX_PICKLE);
      return new Weights(file, new StateDictionary(entries, root).tensors(pickle));
    } catch (PickleException e) {
      throw new CheckpointException(
          file
              + ": its pickle is refused: "
              + e.getMessage()
              + "; save the model's state_dict again, as safetensors if you can",
          e);
    }
  }

  private void requireZip(FileChannel channel) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(2);
    channel.read(start, 0);
    if (start.get(0) == (byte) 0x80) {
      throw new CheckpointException(
          file
              + ": in the form of PyTorch before 1.6, a bare pickle, which is not read; load and"
              + " save it with a newer PyTorch, or convert it to safetensors");
    }
    if (start.get(0) != 'P' || start.get(1) != 'K') {
      throw new CheckpointException(
          file + ": not a zip archive, as PyTorch's files are; fetch it again");
    }
  }

  /** The folder inside of the archive that everything lies in. */
  private String root(Map<String, Entry> entries) {
    for (String name : entries.keySet()) {
      int slash = name.indexOf('/');
      if (name.substring(slash + 1).equals("data.pkl")) {
        return name.substring(0, slash + 1);
      }
    }
    throw new CheckpointException(
        file + ": a zip archive, but with no data.pkl in it, so not one of PyTorch's");
  }

  private void requireLittleEndian(FileChannel channel, Entry entry) throws IOException {
    if (entry == null) {
      return; // Files from before 2.1 don't say; they are little-endian.
    }
    String order = StandardCharsets.US_ASCII.decode(content(channel, entry, 16)).toString();
    if (!order.equals("little")) {
      throw new CheckpointException(
          file + ": byte order is '" + order + "', wanted little; save it on another machine");
    }
  }

  private ByteBuffer content(FileChannel channel, Entry entry, int most) throws IOException {
    if (entry.length() > most) {
      throw new CheckpointException(
          "%s: entry %s has %d bytes, and at most %d make sense; it is something else"
              .formatted(file, entry.name(), entry.length(), most));
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) entry.length());
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, entry.offset() + bytes.position()) < 0) {
        throw new EOFException("ended inside of entry " + entry.name());
      }
    }
    return bytes.flip();
  }

  /** What the pickle says, held against the archive. */
  private final class StateDictionary {

    private final Map<String, Entry> entries;
    private final String root;

    StateDictionary(Map<String, Entry> entries, String root) {
      this.entries = entries;
      this.root = root;
    }

    SortedMap<String, StoredTensor> tensors(ByteBuffer pickle) throws PickleException {
      if (!(Pickle.read(pickle, ALLOWED) instanceof Map<?, ?> dictionary)) {
        throw new PickleException("it is not a dictionary of tensors");
      }
      SortedMap<String, StoredTensor> tensors = new TreeMap<>();
      for (Map.Entry<?, ?> entry : dictionary.entrySet()) {
        if (!(entry.getKey() instanceof String name) || !(entry.getValue() instanceof Call call)) {
          throw new PickleException("its entry " + entry.getKey() + " is not a tensor");
        }
        tensors.put(name, tensor(name, call));
      }
      return tensors;
    }

    private StoredTensor tensor(String name, Call call) throws PickleException {
      List<Object> arguments = call.arguments();
      if (call.function().equals(REBUILD_PARAMETER)) {
        if (arguments.isEmpty()
            || !(arguments.getFirst() instanceof Call inner)
            || !inner.function().equals(REBUILD_TENSOR)) {
          throw new PickleException("parameter " + name + " is of no tensor");
        }
        return tensor(name, inner);
      }
      if (!call.function().equals(REBUILD_TENSOR) || arguments.size() < 4) {
        throw new PickleException("tensor " + name + " is made by " + call.function());
      }
      Storage storage = storage(name, arguments.get(0));
      long from = number(name, arguments.get(1));
      List<Long> shape = numbers(name, arguments.get(2));
      requireRowMajor(name, shape, numbers(name, arguments.get(3)));
      long elements = elements(name, shape);
      if (from > storage.elements() - elements) {
        throw new PickleException(
            "tensor %s of shape %s begins at element %d of a storage of %d"
                .formatted(name, shape, from, storage.elements()));
      }
      int width = storage.dtype.bytes();
      return new StoredTensor(
          name,
          file,
          storage.entry.offset() + from * width,
          elements * width,
          storage.dtype,
          shape);
    }

    /** The bytes that tensors are views of. */
    private record Storage(DType dtype, Entry entry) {
      long elements() {
        return entry.length() / dtype.bytes();
      }
    }

    /** {@code ('storage', class, key, device, elements)}. */
    private Storage storage(String name, Object reference) throws PickleException {
      if (!(reference instanceof Persistent(List<?> id))
          || id.size() != 5
          || !"storage".equals(id.get(0))
          || !(id.get(1) instanceof Global type)
          || !(id.get(2) instanceof String key)) {
        throw new PickleException("tensor " + name + " has no storage");
      }
      DType dtype = STORAGES.get(type);
      Entry entry = entries.get(root + "data/" + key);
      if (dtype == null || entry == null) {
        throw new PickleException(
            "tensor %s is in %s of %s, which is not in the archive".formatted(name, key, type));
      }
      long elements = number(name, id.get(4));
      if (entry.length() % dtype.bytes() != 0 || entry.length() / dtype.bytes() != elements) {
        throw new PickleException(
            "tensor %s has a storage of %d elements of %s, but entry %s has %d bytes"
                .formatted(name, elements, dtype, entry.name(), entry.length()));
      }
      return new Storage(dtype, entry);
    }

    private void requireRowMajor(String name, List<Long> shape, List<Long> strides)
        throws PickleException {
      long wanted = 1;
      boolean right = shape.size() == strides.size();
      for (int i = shape.size() - 1; right && i >= 0; i--) {
        right = shape.get(i) == 1 || strides.get(i) == wanted;
        wanted *= Math.max(1, shape.get(i));
      }
      if (!right) {
        throw new PickleException(
            "tensor %s of shape %s has strides %s; only a contiguous one can be read in place"
                .formatted(name, shape, strides));
      }
    }

    private long elements(String name, List<Long> shape) throws PickleException {
      try {
        return shape.stream().reduce(1L, Math::multiplyExact);
      } catch (ArithmeticException e) {
        throw new PickleException("tensor " + name + " has shape " + shape);
      }
    }

    private List<Long> numbers(String name, Object value) throws PickleException {
      List<Long> numbers = new ArrayList<>();
      if (value instanceof List<?> list) {
        for (Object item : list) {
          numbers.add(number(name, item));
        }
        return numbers;
      }
      throw new PickleException("tensor " + name + " has no shape or strides");
    }

    private long number(String name, Object value) throws PickleException {
      if (value instanceof Long number && number >= 0) {
        return number;
      }
      throw new PickleException("tensor " + name + " has a size that is no number from 0");
    }
  }

  private static Global storage(String name) {
    return new Global("torch", name);
  }

  private static Set<Global> allowed() {
    Set<Global> allowed = new HashSet<>(STORAGES.keySet());
    allowed.add(REBUILD_TENSOR);
    allowed.add(REBUILD_PARAMETER);
    return Set.copyOf(allowed);
  }
}
