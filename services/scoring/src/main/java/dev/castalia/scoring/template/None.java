package dev.castalia.scoring.template;

import com.hubspot.jinjava.util.HasObjectTruthValue;

/** A field that is there and null: not the same as a name that is not there, which is an error. */
enum None implements HasObjectTruthValue {
  NONE;

  @Override
  public boolean getObjectTruthValue() {
    return false;
  }

  @Override
  public String toString() {
    return "None";
  }
}
