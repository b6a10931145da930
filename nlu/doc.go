// Package nlu goes from a sentence to what it asks: its language, one normal form for searching, the search
// terms, the intent where the hub has a rule for it, the entities, the mood. It is pure: no I/O, no clock, no
// memory between calls, linear time, and it accepts any bytes. It finds no answer and decides nothing; that is
// for the knowledge base and the hub.
//
// # Intents
//
// An intent names what a whole message wants when no article can answer it. A request for a human is found
// anywhere in the message, because it must never be missed; greetings, thanks, goodbyes, yes and no only when
// they are all of the message ("你好，我的宽带断了" asks about broadband). A complaint is an intent when the customer makes one
// ("我要投诉", "this is a scam"). Asking about complaints ("投诉电话是多少", "how do I file a complaint") is a question that
// the knowledge base can answer, so it has no intent; Analysis.Complaint is still true, because people who ask that are rarely
// happy, and the hub may choose a softer tone or offer a human along with the answer.
package nlu
