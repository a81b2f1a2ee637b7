//! The owner of the database changes the log: each change is found, and called what it is.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use schakel_domain::ids::RegionId;
use schakel_server::{
    app::Ids,
    audit::{
        chain::Anchor,
        seal,
        verify::{Kind, Scope, verify},
    },
    entity::{audit, audit_leaf},
    store::audit_row,
};
use schakel_tests::{TestServer, needs::full_drill};
use uuid::Uuid;

use super::{Log, another_region, as_the_owner, dice::Dice, sealed, sealed_but, write_down};

/// A log of two regions; the first is tampered with.
struct Scene {
    region: Uuid,
    other: Uuid,
    log: Log,
    dice: Dice,
}

/// Positions in the tampered region's own lists.
impl Scene {
    fn seq(&mut self) -> i64 {
        let last = self.last();
        i64::try_from(self.dice.below(usize::try_from(last).unwrap())).unwrap() + 1
    }

    fn last(&self) -> i64 {
        self.log
            .leaves
            .iter()
            .filter(|leaf| leaf.region_id == self.region)
            .map(|leaf| leaf.seq)
            .max()
            .unwrap()
    }

    fn leaf(&mut self, seq: i64) -> &mut audit_leaf::Model {
        let region = self.region;
        self.log.leaves.iter_mut().find(|leaf| leaf.region_id == region && leaf.seq == seq).unwrap()
    }

    fn line(&mut self, seq: i64) -> &mut audit::Model {
        let (id, region) = (self.leaf(seq).row_id, self.region);
        self.log.lines.iter_mut().find(|line| line.region_id == region && line.id == id).unwrap()
    }

    /// Where the region's own seals stand in the log.
    fn seals(&self) -> Vec<usize> {
        (0..self.log.seals.len()).filter(|at| self.log.seals[*at].region_id == self.region).collect()
    }

    fn remove_line(&mut self, seq: i64) {
        let (id, region) = (self.leaf(seq).row_id, self.region);
        self.log.lines.retain(|line| line.region_id != region || line.id != id);
    }

    fn remove_leaf(&mut self, seq: i64) {
        let region = self.region;
        self.log.leaves.retain(|leaf| leaf.region_id != region || leaf.seq != seq);
    }

    /// Moves the places from `seq` on by `by`.
    fn renumber(&mut self, seq: i64, by: i64) {
        let region = self.region;
        for leaf in self.log.leaves.iter_mut().filter(|leaf| leaf.region_id == region && leaf.seq >= seq) {
            leaf.seq += by;
        }
    }

    /// A line that looks genuine, of another line.
    fn forged(&mut self) -> audit::Model {
        let seq = self.seq();
        let mut line = self.line(seq).clone();
        self.dice.id(&mut line.id);
        line
    }

    fn edit_line(&mut self) -> Found {
        let (seq, which) = (self.seq(), self.dice.below(27));
        let mut line = self.line(seq).clone();
        let old = line.id;
        let dice = &mut self.dice;
        match which {
            0 => dice.id(&mut line.region_id),
            1 => dice.id(&mut line.id),
            2 => dice.number(&mut line.at),
            3 => dice.text(&mut line.actor_kind),
            4 => dice.maybe(&mut line.actor_id),
            5 => dice.maybe(&mut line.organisation_id),
            6 => dice.text(&mut line.role),
            7 => dice.text(&mut line.purpose),
            8 => dice.text(&mut line.action),
            9 => dice.text(&mut line.method),
            10 => dice.text(&mut line.rule_id),
            11 => match &mut line.subject_ref {
                Some(subject) => dice.bit(subject),
                None => line.subject_ref = Some(vec![1]),
            },
            12 => dice.text(&mut line.object_type),
            13 => dice.maybe(&mut line.object_id),
            14 => dice.text(&mut line.field_classes),
            15 => dice.maybe(&mut line.request_id),
            16 => dice.bit(&mut line.row_mac),
            17 => dice.small(&mut line.form),
            18 => dice.maybe(&mut line.client_id),
            19 => dice.maybe(&mut line.emergency_id),
            20 => dice.text(&mut line.origin),
            21 => dice.text(&mut line.outcome),
            22 => dice.small(&mut line.row_count),
            23 => dice.text(&mut line.trace),
            24 => dice.text(&mut line.activity),
            25 => dice.text(&mut line.instance),
            _ => dice.number(&mut line.transaction_id),
        }
        let region = self.region;
        let at = self.log.lines.iter().position(|one| one.region_id == region && one.id == old).unwrap();
        self.log.lines[at] = line;
        // Under another key it is not there any more.
        Found::at(if which < 2 { Kind::Missing } else { Kind::Edited }, seq)
    }

    fn edit_leaf(&mut self) -> Found {
        let (seq, last, which) = (self.seq(), self.last(), self.dice.below(4));
        let mut leaf = self.leaf(seq).clone();
        match which {
            0 => self.dice.id(&mut leaf.region_id),
            1 => self.dice.number(&mut leaf.seq),
            2 => self.dice.id(&mut leaf.row_id),
            _ => self.dice.bit(&mut leaf.leaf),
        }
        *self.leaf(seq) = leaf;
        let gone = if which == 0 && seq == last { Kind::Truncated } else { Kind::Missing };
        Found::at(if which == 3 { Kind::Edited } else { gone }, seq)
    }

    fn edit_seal(&mut self) -> Found {
        let own = self.seals();
        let at = own[self.dice.below(own.len())];
        let (dice, seal) = (&mut self.dice, &mut self.log.seals[at]);
        match dice.below(12) {
            0 => dice.id(&mut seal.region_id),
            1 => dice.number(&mut seal.batch),
            2 => dice.number(&mut seal.first_seq),
            3 => dice.number(&mut seal.last_seq),
            4 => dice.small(&mut seal.row_count),
            5 => dice.number(&mut seal.sealed_below),
            6 => dice.bit(&mut seal.prev_hash),
            7 => dice.bit(&mut seal.root),
            8 => dice.number(&mut seal.sealed_at),
            9 => dice.text(&mut seal.key_id),
            10 => dice.bit(&mut seal.hash),
            _ => dice.bit(&mut seal.signature),
        }
        Found::of(Kind::SealBroken)
    }

    fn edit_line_and_leaf(&mut self) -> Found {
        let seq = self.seq();
        let line = self.line(seq);
        line.role.push('x');
        let leaf = audit_row::leaf(line);
        self.leaf(seq).leaf = leaf;
        Found::at(Kind::Edited, seq)
    }

    fn delete_line(&mut self) -> Found {
        let seq = self.seq();
        self.remove_line(seq);
        Found::at(Kind::Missing, seq)
    }

    fn delete_line_and_leaf(&mut self) -> Found {
        let (seq, last) = (self.seq(), self.last());
        self.remove_line(seq);
        self.remove_leaf(seq);
        Found::at(if seq == last { Kind::Truncated } else { Kind::Missing }, seq)
    }

    fn delete_and_close_the_gap(&mut self) -> Found {
        let (seq, last) = (self.seq(), self.last());
        self.remove_line(seq);
        self.remove_leaf(seq);
        self.renumber(seq, -1);
        // In the last batch the end is what is missing.
        let newest = self.log.seals[*self.seals().last().unwrap()].first_seq;
        Found::of(if seq >= newest.min(last) { Kind::Truncated } else { Kind::Missing })
    }

    fn insert(&mut self) -> Found {
        let line = self.forged();
        self.log.lines.push(line);
        Found::of(Kind::Inserted)
    }

    fn insert_at_the_end(&mut self) -> Found {
        let (line, seq) = (self.forged(), self.last() + 1);
        self.log.leaves.push(leaf_of(&line, seq));
        self.log.lines.push(line);
        Found::at(Kind::Inserted, seq)
    }

    fn insert_between(&mut self) -> Found {
        let (line, seq) = (self.forged(), self.seq());
        self.renumber(seq, 1);
        self.log.leaves.push(leaf_of(&line, seq));
        self.log.lines.push(line);
        Found::at(Kind::Inserted, seq)
    }

    fn copy_another_regions_line(&mut self) -> Found {
        let theirs: Vec<_> =
            self.log.lines.iter().filter(|line| line.region_id == self.other).cloned().collect();
        let mut line = theirs[self.dice.below(theirs.len())].clone();
        line.region_id = self.region;
        self.log.lines.push(line);
        Found::of(Kind::Inserted)
    }

    fn two(&mut self) -> (i64, i64) {
        loop {
            let (one, other) = (self.seq(), self.seq());
            if one != other {
                return (one.min(other), one.max(other));
            }
        }
    }

    fn swap_places(&mut self) -> Found {
        let (one, other) = self.two();
        let (first, second) = (self.leaf(one).clone(), self.leaf(other).clone());
        *self.leaf(one) = audit_leaf::Model { seq: one, ..second };
        *self.leaf(other) = audit_leaf::Model { seq: other, ..first };
        Found::of(Kind::Reordered)
    }

    fn swap_lines(&mut self) -> Found {
        let (one, other) = self.two();
        let (first, second) = (self.line(one).clone(), self.line(other).clone());
        *self.line(one) = audit::Model { id: first.id, ..second.clone() };
        *self.line(other) = audit::Model { id: second.id, ..first };
        Found::at(Kind::Edited, one)
    }

    fn cut_lines_and_leaves(&mut self) -> Found {
        let (seq, last) = (self.seq(), self.last());
        for gone in seq..=last {
            self.remove_line(gone);
            self.remove_leaf(gone);
        }
        Found::at(Kind::Truncated, seq)
    }

    /// Whole batches with their seals: nothing is left that tells of them.
    fn cut_everything(&mut self) -> Found {
        let own = self.seals();
        let at = own[1 + self.dice.below(own.len() - 1)];
        let (batch, seq, last) = (self.log.seals[at].batch, self.log.seals[at].first_seq, self.last());
        for gone in seq..=last {
            self.remove_line(gone);
            self.remove_leaf(gone);
        }
        let region = self.region;
        self.log.seals.retain(|seal| seal.region_id != region || seal.batch < batch);
        Found { anchored: true, ..Found::at(Kind::Truncated, seq) }
    }

    fn remove_seals_and_leaves(&mut self) -> Found {
        let own = self.seals();
        let seal = self.log.seals[own[self.dice.below(own.len())]].clone();
        let region = self.region;
        self.log.leaves.retain(|leaf| leaf.region_id != region || leaf.seq < seal.first_seq);
        self.log.seals.retain(|one| one.region_id != region || one.batch < seal.batch);
        Found::of(Kind::UnsealedTooOld)
    }

    fn remove_a_seal(&mut self) -> Found {
        let own = self.seals();
        self.log.seals.remove(own[self.dice.below(own.len())]);
        Found::of(Kind::SealBroken)
    }

    fn replay_a_seal(&mut self) -> Found {
        let own = self.seals();
        let newest = self.log.seals[*own.last().unwrap()].clone();
        let mut seal = self.log.seals[own[self.dice.below(own.len() - 1)]].clone();
        if self.dice.below(2) == 0 {
            seal.batch = newest.batch + 1;
            self.log.seals.push(seal);
        } else {
            seal.batch = newest.batch;
            *self.log.seals.iter_mut().find(|one| **one == newest).unwrap() = seal;
        }
        Found::of(Kind::SealBroken)
    }

    fn copy_another_regions_seal(&mut self) -> Found {
        let own = self.seals();
        let newest = self.log.seals[*own.last().unwrap()].batch;
        let mut seal = self.log.seals.iter().find(|seal| seal.region_id == self.other).unwrap().clone();
        (seal.region_id, seal.batch) = (self.region, newest + 1);
        self.log.seals.push(seal);
        Found::of(Kind::SealBroken)
    }
}

fn leaf_of(line: &audit::Model, seq: i64) -> audit_leaf::Model {
    audit_leaf::Model { region_id: line.region_id, seq, row_id: line.id, leaf: audit_row::leaf(line) }
}

/// What a check must find.
#[derive(Debug)]
struct Found {
    kind: Kind,
    seq: Option<i64>,
    anchored: bool,
}

impl Found {
    fn of(kind: Kind) -> Self {
        Self { kind, seq: None, anchored: false }
    }

    fn at(kind: Kind, seq: i64) -> Self {
        Self { seq: Some(seq), ..Self::of(kind) }
    }
}

/// What is done, in words, and doing it.
type Tampering = (&'static str, fn(&mut Scene) -> Found);

const TAMPERINGS: [Tampering; 20] = [
    ("a bit of a line", Scene::edit_line),
    ("a bit of a line, again", Scene::edit_line),
    ("a bit of a line, once more", Scene::edit_line),
    ("a bit of a leaf", Scene::edit_leaf),
    ("a bit of a seal", Scene::edit_seal),
    ("a line and its leaf", Scene::edit_line_and_leaf),
    ("a line deleted", Scene::delete_line),
    ("a line and its leaf deleted", Scene::delete_line_and_leaf),
    ("a line deleted, the gap closed", Scene::delete_and_close_the_gap),
    ("a line inserted", Scene::insert),
    ("a line inserted with a leaf behind the last", Scene::insert_at_the_end),
    ("a line inserted between two", Scene::insert_between),
    ("another region's line", Scene::copy_another_regions_line),
    ("two places swapped", Scene::swap_places),
    ("two lines swapped", Scene::swap_lines),
    ("the end cut off, seals left", Scene::cut_lines_and_leaves),
    ("the end cut off with its seals", Scene::cut_everything),
    ("seals and leaves removed", Scene::remove_seals_and_leaves),
    ("a seal removed or replayed", |scene| {
        if scene.dice.below(2) == 0 { scene.remove_a_seal() } else { scene.replay_a_seal() }
    }),
    ("another region's seal", Scene::copy_another_regions_seal),
];

/// Lines of two regions, sealed in several batches.
async fn sealed_log(server: &TestServer) -> (RegionId, RegionId) {
    let (region, other) = (server.founded.region, another_region(server).await);
    for batch in 0..8 {
        for count in 1..=4 {
            write_down(&server.app, region, count, Uuid::from_u128(100 + batch)).await;
            write_down(&server.app, other, 1, Uuid::from_u128(200 + batch)).await;
        }
        assert!(sealed(&server.app, region).await > 0 && sealed(&server.app, other).await > 0);
    }
    (region, other)
}

#[tokio::test]
async fn x10_whatever_the_owner_of_the_database_changes_is_found_and_called_by_its_name() {
    let server = TestServer::start().await;
    let (region, other) = sealed_log(&server).await;
    let anchor = seal::anchor(&server.app, region).await.unwrap().unwrap();
    server.clock.advance(TimeDelta::minutes(2));
    let db = server.rows().await;
    as_the_owner(&db).await;
    let log = Log::read(&db).await;
    let anchored = Scope { anchors: vec![anchor], ..Scope::default() };
    let sound = verify(&server.app, &anchored).await.unwrap();
    assert_eq!(sound.faults, []);
    assert_eq!(usize::try_from(sound.rows).unwrap(), log.lines.len());

    let mut seed = [0; 8];
    schakel_server::world::SystemIds::default().fill(&mut seed);
    let seed = u64::from_be_bytes(seed);
    let count = if full_drill() { 1_000 } else { 60 };
    let mut found: BTreeMap<Kind, usize> = BTreeMap::new();
    for at in 0..count {
        let (name, tamper) = TAMPERINGS[at % TAMPERINGS.len()];
        let dice = Dice(seed.wrapping_add(at as u64));
        let mut scene = Scene { region: region.0, other: other.0, log: log.clone(), dice };
        let expected = tamper(&mut scene);
        assert_ne!(scene.log, log, "{name}: nothing was changed");
        scene.log.put(&db).await;
        let scope = if expected.anchored { anchored.clone() } else { Scope::default() };
        let report = verify(&server.app, &scope).await.unwrap();
        let fault = report.faults.iter().find(|fault| fault.region == region);
        let fault = fault.unwrap_or_else(|| panic!("seed {seed}, {at}: {name} was not found: {expected:?}"));
        let is_right = fault.kind == expected.kind && (expected.seq.is_none() || fault.seq == expected.seq);
        assert!(is_right, "seed {seed}, {at}: {name}: {fault:?} for {expected:?}");
        *found.entry(fault.kind).or_default() += 1;
    }
    println!("{count} tamperings (seed {seed}): {count} found with the right kind: {found:?}");
    log.put(&db).await;
    assert_eq!(verify(&server.app, &anchored).await.unwrap().faults, []);
    db.close().await.unwrap();
}

#[tokio::test]
async fn x10_a_log_that_was_sealed_anew_is_not_the_one_that_was_anchored() {
    let server = TestServer::start().await;
    let (region, _) = sealed_log(&server).await;
    let anchor: Anchor = seal::anchor(&server.app, region).await.unwrap().unwrap();
    let db = server.rows().await;
    as_the_owner(&db).await;
    let mut log = Log::read(&db).await;
    // Whoever has the key file too takes a line away and seals all the rest again.
    let gone = log.leaves.iter().find(|leaf| leaf.region_id == region.0).unwrap().row_id;
    log.lines.retain(|line| line.id != gone);
    log.leaves.retain(|leaf| leaf.region_id != region.0);
    log.seals.retain(|seal| seal.region_id != region.0);
    log.put(&db).await;
    db.close().await.unwrap();
    sealed(&server.app, region).await;
    write_down(&server.app, region, 1, Uuid::from_u128(1)).await;
    sealed(&server.app, region).await;
    assert_eq!(verify(&server.app, &Scope::default()).await.unwrap().faults, [], "by itself it is sound");
    let anchored = Scope { anchors: vec![anchor.clone()], ..Scope::default() };
    let faults = verify(&server.app, &anchored).await.unwrap().faults;
    assert_eq!(faults[0].kind, Kind::Truncated, "fewer batches than were anchored");
    for at in 0..anchor.batch {
        write_down(&server.app, region, 1, Uuid::from_u128(at.unsigned_abs().into())).await;
        sealed(&server.app, region).await;
    }
    let faults = verify(&server.app, &anchored).await.unwrap().faults;
    assert_eq!(faults[0].kind, Kind::SealBroken, "as many, but not those");
}

#[tokio::test]
async fn x10_a_line_that_is_changed_before_its_seal_is_not_sealed_and_is_found() {
    let server = TestServer::start().await;
    let region = server.founded.region;
    sealed(&server.app, region).await;
    write_down(&server.app, region, 3, Uuid::from_u128(1)).await;
    let db = server.rows().await;
    as_the_owner(&db).await;
    let mut log = Log::read(&db).await;
    log.lines.last_mut().unwrap().outcome = "NOT_FOUND CASE_NOT_FOUND".into();
    log.put(&db).await;
    db.close().await.unwrap();
    assert_eq!(sealed_but(&server.app, region, 1).await, 2, "the genuine ones");
    let faults = verify(&server.app, &Scope::default()).await.unwrap().faults;
    assert_eq!(faults.iter().map(|fault| fault.kind).collect::<Vec<_>>(), [Kind::Inserted]);
}
