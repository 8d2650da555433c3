package dev.castalia.scoring.checkpoint;

/** Element types of a safetensors file, by the names its header gives them. */
public enum DType {
  F32(4),
  F16(2),
  BF16(2),
  F64(8),
  F8_E4M3(1),
  F8_E5M2(1),
  I64(8),
  I32(4),
  I16(2),
  I8(1),
  U64(8),
  U32(4),
  U16(2),
  U8(1),
  BOOL(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes an element. */
  public int bytes() {
    return bytes;
  }

  /** Whether a model's weights may have this type; files hold others only in buffers. */
  boolean holdsWeights() {
    return this == F32 || this == F16 || this == BF16;
  }
}
