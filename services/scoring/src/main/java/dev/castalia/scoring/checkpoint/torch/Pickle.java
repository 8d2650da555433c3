package dev.castalia.scoring.checkpoint.torch;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a pickle as data. Nothing that it asks for is ever run: a class or function is a {@link
 * Global}, which must be among those allowed, and calling it makes a {@link Call} that holds the
 * arguments. The instructions are those that PyTorch needs to save a dictionary of tensors; others
 * are an error.
 *
 * <p>Every instruction makes at most one object besides those on the stack, lengths are compared
 * with what is left before anything is allocated, and there are at most {@link #MAX_INSTRUCTIONS}
 * of them; so memory is bounded by a few times the pickle's own size.
 */
final class Pickle {

  /** A class or function, by name. */
  record Global(String module, String name) {
    @Override
    public String toString() {
      return module + "." + name;
    }
  }

  /** What calling a class or function would make. */
  record Call(Global function, List<Object> arguments) {}

  /** An object that lies outside of the pickle. */
  record Persistent(Object id) {}

  /** Why a pickle cannot be read. */
  static final class PickleException extends Exception {
    PickleException(String message) {
      super(message);
    }
  }

  static final int MAX_INSTRUCTIONS = 1 << 20;

  /** Bytes; names of tensors have about 50. */
  private static final int MAX_TEXT = 1000;

  /** Stands for {@code None}; a stack and a map hold no null. */
  static final Object NONE =
      new Object() {
        @Override
        public String toString() {
          return "None";
        }
      };

  private static final Object MARK = new Object();
  private static final Global ORDERED_DICT = new Global("collections", "OrderedDict");
  private static final int MAX_PROTOCOL = 5;

  private final ByteBuffer in;
  private final Set<Global> allowed;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  private Pickle(ByteBuffer in, Set<Global> allowed) {
    this.in = in.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.allowed = allowed;
  }

  /**
   * The pickled object: {@link #NONE}, Boolean, Long, Double, String, List for lists and tuples,
   * Map, or one of the records above.
   *
   * @param allowed the classes and functions that it may name, besides {@code
   *     collections.OrderedDict}, which is read as a Map
   * @throws PickleException if it is broken, or asks for anything else
   */
  static Object read(ByteBuffer in, Set<Global> allowed) throws PickleException {
    try {
      return new Pickle(in, allowed).run();
    } catch (BufferUnderflowException e) {
      throw new PickleException("it ends inside of an instruction");
    }
  }

  private Object run() throws PickleException {
    for (int i = 0; i < MAX_INSTRUCTIONS; i++) {
      int opcode = Byte.toUnsignedInt(in.get());
      if (opcode == '.') {
        Object result = pop();
        if (!stack.isEmpty()) {
          throw new PickleException("it leaves " + stack.size() + " objects behind");
        }
        return result;
      }
      step(opcode);
    }
    throw new PickleException("it has more than " + MAX_INSTRUCTIONS + " instructions");
  }

  private void step(int opcode) throws PickleException {
    switch (opcode) {
      case 0x80 -> protocol(); // PROTO
      case '(' -> stack.add(MARK);
      case 'N' -> stack.add(NONE);
      case 0x88 -> stack.add(true);
      case 0x89 -> stack.add(false);
      case 'K' -> stack.add((long) Byte.toUnsignedInt(in.get())); // BININT1
      case 'M' -> stack.add((long) Short.toUnsignedInt(in.getShort())); // BININT2
      case 'J' -> stack.add((long) in.getInt()); // BININT
      case 0x8a -> stack.add(longOf(Byte.toUnsignedInt(in.get()))); // LONG1
      case 'G' ->
          stack.add(in.duplicate().order(ByteOrder.BIG_ENDIAN).getDouble(skip(8))); // BINFLOAT
      case 'X' -> stack.add(text(length(in.getInt()))); // BINUNICODE
      case ']' -> stack.add(new ArrayList<>());
      case '}' -> stack.add(new LinkedHashMap<>());
      case ')' -> stack.add(List.of());
      case 't' -> stack.add(Collections.unmodifiableList(popToMark()));
      case 0x85 -> stack.add(tuple(1));
      case 0x86 -> stack.add(tuple(2));
      case 0x87 -> stack.add(tuple(3));
      case 'a' -> append(List.of(pop()));
      case 'e' -> append(popToMark());
      case 's' -> set(tuple(2));
      case 'u' -> set(popToMark());
      case 'q' -> memo.put(Byte.toUnsignedInt(in.get()), peek()); // BINPUT
      case 'r' -> memo.put(in.getInt(), peek()); // LONG_BINPUT
      case 'h' -> stack.add(remembered(Byte.toUnsignedInt(in.get()))); // BINGET
      case 'j' -> stack.add(remembered(in.getInt())); // LONG_BINGET
      case 'c' -> stack.add(global(line(), line()));
      case 'R' -> call();
      case 'b' -> build();
      case 'Q' -> stack.add(new Persistent(pop())); // BINPERSID
      default ->
          throw new PickleException(
              "instruction 0x%02x at byte %d is not one that PyTorch needs to save tensors"
                  .formatted(opcode, in.position() - 1));
    }
  }

  private void protocol() throws PickleException {
    int version = Byte.toUnsignedInt(in.get());
    if (version > MAX_PROTOCOL) {
      throw new PickleException("its protocol is " + version);
    }
  }

  private Object global(String module, String name) throws PickleException {
    Global global = new Global(module, name);
    if (!global.equals(ORDERED_DICT) && !allowed.contains(global)) {
      throw new PickleException(
          "it asks for " + global + ", which is no part of a checkpoint's weights");
    }
    return global;
  }

  private void call() throws PickleException {
    Object arguments = pop();
    Object function = pop();
    if (!(function instanceof Global global) || !(arguments instanceof List<?> list)) {
      throw new PickleException("it calls " + described(function));
    }
    if (global.equals(ORDERED_DICT)) {
      if (!list.isEmpty()) {
        throw new PickleException("it makes an OrderedDict of arguments");
      }
      stack.add(new LinkedHashMap<>());
    } else {
      stack.add(new Call(global, Collections.unmodifiableList(list)));
    }
  }

  /** Sets attributes. Those of a dictionary ({@code _metadata}) mean nothing for its tensors. */
  private void build() throws PickleException {
    pop();
    if (!(peek() instanceof Map)) {
      throw new PickleException("it sets the attributes of " + described(peek()));
    }
  }

  @SuppressWarnings("unchecked")
  private void append(List<Object> values) throws PickleException {
    if (!(peek() instanceof ArrayList<?> list)) {
      throw new PickleException("it appends to " + described(peek()));
    }
    ((List<Object>) list).addAll(values);
  }

  @SuppressWarnings("unchecked")
  private void set(List<Object> keysAndValues) throws PickleException {
    if (!(peek() instanceof Map<?, ?> map) || keysAndValues.size() % 2 != 0) {
      throw new PickleException("it sets items of " + described(peek()));
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      Object key = keysAndValues.get(i);
      if (!(key instanceof String || key instanceof Long)) {
        throw new PickleException("a dictionary's key is " + described(key));
      }
      if (((Map<Object, Object>) map).put(key, keysAndValues.get(i + 1)) != null) {
        throw new PickleException("a dictionary has the key " + key + " twice");
      }
    }
  }

  private Object remembered(int key) throws PickleException {
    Object value = memo.get(key);
    if (value == null) {
      throw new PickleException("it refers to object " + key + " before there is one");
    }
    return value;
  }

  private List<Object> tuple(int size) throws PickleException {
    Object[] values = new Object[size];
    for (int i = size - 1; i >= 0; i--) {
      values[i] = pop();
    }
    return List.of(values);
  }

  private List<Object> popToMark() throws PickleException {
    int mark = stack.lastIndexOf(MARK);
    if (mark < 0) {
      throw new PickleException("it ends a list that it did not begin");
    }
    List<Object> above = stack.subList(mark + 1, stack.size());
    List<Object> values = new ArrayList<>(above);
    above.clear();
    stack.removeLast();
    return values;
  }

  private Object pop() throws PickleException {
    Object top = peek();
    stack.removeLast();
    return top;
  }

  private Object peek() throws PickleException {
    if (stack.isEmpty() || stack.getLast() == MARK) {
      throw new PickleException("it takes an object where there is none");
    }
    return stack.getLast();
  }

  private long longOf(int length) throws PickleException {
    if (length > Long.BYTES) {
      throw new PickleException("it has a number of " + length + " bytes");
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= Byte.toUnsignedLong(in.get()) << (8 * i);
    }
    int unused = Long.SIZE - 8 * length;
    return length == 0 ? 0 : value << unused >> unused;
  }

  private int length(int length) throws PickleException {
    if (length < 0 || length > Math.min(in.remaining(), MAX_TEXT)) {
      throw new PickleException("it has a text of " + Integer.toUnsignedString(length) + " bytes");
    }
    return length;
  }

  private String line() throws PickleException {
    int end = in.position();
    while (end < in.limit() && in.get(end) != '\n') {
      end++;
    }
    if (end == in.limit()) {
      throw new BufferUnderflowException();
    }
    length(end - in.position());
    String line = text(end - in.position());
    in.get();
    return line;
  }

  private String text(int length) throws PickleException {
    ByteBuffer bytes = in.slice(in.position(), length);
    in.position(in.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new PickleException("it has a text that is not UTF-8");
    }
  }

  /** The position before some bytes, which are stepped over. */
  private int skip(int length) {
    if (in.remaining() < length) {
      throw new BufferUnderflowException();
    }
    int position = in.position();
    in.position(position + length);
    return position;
  }

  /** Not the value's own text: a list may hold itself. */
  private static String described(Object value) {
    return switch (value) {
      case Global global -> global.toString();
      case Call call -> "what " + call.function + " makes";
      case List<?> _ -> "a list";
      case Map<?, ?> _ -> "a dictionary";
      case Persistent _ -> "a storage";
      default -> value.toString();
    };
  }
}
