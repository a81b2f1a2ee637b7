//! Floods against the program itself: it stays small, and everybody else is served.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use schakel_client::v1 as pb;
use schakel_tests::{
    frames::{Fate, flood, floods},
    needs::full_drill,
    program::{Outside, Program},
};

const NAME: &str = "r28_floods_leave_the_program_small_and_everybody_else_served";
/// By how much it may grow.
const GROWTH: u64 = 50 << 10;

#[tokio::test(flavor = "multi_thread")]
async fn r28_floods_leave_the_program_small_and_everybody_else_served() {
    let Some(outside) = Outside::binary(NAME) else { return };
    let program = Program::start(&outside);
    let iber = program.as_person("iber").await;
    let address = program.address.parse().unwrap();
    let (before, _) = program.memory();
    let over = Arc::new(AtomicBool::new(false));
    let others = tokio::spawn({
        let over = Arc::clone(&over);
        async move {
            let mut served = 0;
            while !over.load(Ordering::Relaxed) {
                iber.access().who_am_i(pb::WhoAmIRequest {}).await.unwrap();
                served += 1;
            }
            served
        }
    });
    let most = if full_drill() { 1_000_000 } else { 20_000 };
    for (name, frames) in floods(most) {
        let some = if name == "empty data" { frames.len() } else { frames.len().min(most / 5) };
        let fate = flood(address, [127, 0, 0, 66], frames.into_iter().take(some)).await;
        assert!(matches!(fate, Fate::GoAway(_) | Fate::Closed), "{name}: {fate:?}");
        println!("{name}: {some} frames, {fate:?}");
    }
    over.store(true, Ordering::Relaxed);
    let served: u32 = others.await.unwrap();
    let (after, peak) = program.memory();
    println!(
        "{served} calls of somebody else served meanwhile; {before} KiB before, {after} after, {peak} at most"
    );
    assert!(served > 0);
    assert!(peak.saturating_sub(before) <= GROWTH, "it grew from {before} to {peak} KiB");
}
