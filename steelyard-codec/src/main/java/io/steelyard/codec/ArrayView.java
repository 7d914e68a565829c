package io.steelyard.codec;

/** A view of an array that nobody changes. */
final class ArrayView implements ByteView {

  private final byte[] bytes;

  ArrayView(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public int length() {
    return bytes.length;
  }

  @Override
  public byte at(int index) {
    return bytes[index];
  }

  @Override
  public String toString() {
    return text();
  }
}
