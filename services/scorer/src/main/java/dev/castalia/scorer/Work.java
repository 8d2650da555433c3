package dev.castalia.scorer;

import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a lane has done with the requests that it is given. Safe for use by several lanes. */
interface Work {

  /**
   * Evaluates one request and returns when its answers are in Kafka.
   *
   * @return ACCEPT, or RELEASE when somebody else has it by now
   */
  AcknowledgeType evaluate(ConsumerRecord<String, byte[]> record, Evaluation evaluation);

  /**
   * Answers a request that somebody was given before and did not answer: whether, and in what
   * company, its units are tried again is for the ledger to say, which counts.
   *
   * @throws RuntimeException if the answer could not be sent
   */
  void giveUp(ConsumerRecord<String, byte[]> record, int deliveries);
}
