#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Some(subject) = outbound::model::Subject::lenient(text) {
        let once = subject.normalised();
        if let Some(again) = outbound::model::Subject::lenient(&once).filter(|_| once.chars().count() <= 255) {
            assert_eq!(again.normalised(), once);
        }
        let _ = (subject.is_forward(), subject.is_reply());
    }
});
