//! Curves, medians and bands, by us and by a package of other authors: the same.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use schakel_domain::monitor::{Spell, curve};
use schakel_tests::needs::{Need, full_drill};
use serde_json::{Value, json};

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % sides
    }

    fn spells(&mut self) -> Vec<Spell> {
        let count = 1 + self.roll(60);
        // Few different days make many ties; none that came is a case of its own.
        let (days, share) = (1 + self.roll(90), self.roll(5));
        let mut one = || Spell { days: u32::try_from(self.roll(days)).unwrap(), came: self.roll(4) < share };
        (0..count).map(|_| one()).collect()
    }
}

fn answers(python: &str, questions: &[Vec<Spell>]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("provision/survival.py");
    let mut asked =
        Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let question = |spells: &Vec<Spell>| {
        let days: Vec<_> = spells.iter().map(|spell| spell.days).collect();
        let came: Vec<_> = spells.iter().map(|spell| spell.came).collect();
        json!({"days": days, "came": came})
    };
    let questions: Vec<_> = questions.iter().map(question).collect();
    let text = serde_json::to_vec(&questions).unwrap();
    let mut stdin = asked.stdin.take().unwrap();
    let writes = std::thread::spawn(move || stdin.write_all(&text).unwrap());
    let told = asked.wait_with_output().unwrap();
    writes.join().unwrap();
    assert!(told.status.success());
    serde_json::from_slice(&told.stdout).unwrap()
}

fn near(ours: f64, theirs: &Value) -> bool {
    // Where nothing has come yet their band is undefined, and ours has no width.
    theirs.as_f64().is_none_or(|theirs| (ours - theirs).abs() < 1e-9)
}

#[test]
fn curves_medians_and_bands_are_those_of_lifelines() {
    let test = "curves_medians_and_bands_are_those_of_lifelines";
    let Some(python) = Need::Python.or_skip(test) else { return };
    let one = |days, came| Spell { days, came };
    let mut questions = vec![
        vec![one(7, true)],
        vec![one(7, false)],
        vec![one(3, false), one(3, false), one(9, false)],
        vec![one(5, true), one(5, true), one(5, false), one(8, false)],
        vec![one(0, true), one(0, false), one(4, true)],
    ];
    let mut dice = Dice(0x5EED);
    questions.extend((0..if full_drill() { 1000 } else { 200 }).map(|_| dice.spells()));
    let answers = answers(&python, &questions);
    assert_eq!(answers.len(), questions.len());
    let mut compared = 0;
    for (spells, told) in questions.iter().zip(&answers) {
        let ours = curve(spells);
        let theirs = told["points"].as_array().unwrap();
        assert_eq!(ours.points.len(), theirs.len(), "{spells:?} {told}");
        for (point, theirs) in ours.points.iter().zip(theirs) {
            let counts = [point.days, point.at_risk, point.came, point.censored].map(f64::from);
            for (ours, theirs) in counts.iter().zip(["days", "at_risk", "came", "censored"]) {
                assert_eq!(Some(*ours), told_number(told, point.days, theirs), "{spells:?} {told}");
            }
            assert!(near(point.survival, &theirs["survival"]), "{point:?} {theirs}");
            // A band at 0 or 1 is a matter of convention.
            if point.survival > 1e-9 && point.survival < 1.0 - 1e-9 {
                assert!(theirs["lower"].is_f64() && theirs["upper"].is_f64(), "{theirs}");
                assert!(near(point.lower, &theirs["lower"]), "{point:?} {theirs}");
                assert!(near(point.upper, &theirs["upper"]), "{point:?} {theirs}");
                compared += 1;
            }
        }
        // Exactly half is a matter of rounding: theirs may come out a hair above it.
        if ours.points.iter().all(|point| (point.survival - 0.5).abs() > 1e-9) {
            assert_eq!(ours.median.map(f64::from), told["median"].as_f64(), "{spells:?} {told}");
        }
    }
    assert!(compared > 1000, "{compared} bands compared");
}

fn told_number(told: &Value, days: u32, field: &str) -> Option<f64> {
    let points = told["points"].as_array().unwrap();
    points
        .iter()
        .find(|point| point["days"].as_f64() == Some(days.into()))
        .and_then(|point| point[field].as_f64())
}
