//! Every method × every role × six relations × every state of a case, by calling the server:
//! `matrix.txt` says what each cell answers, and a changed cell fails.
//!
//! After a change that is meant, `SCHAKEL_MATRIX=write` rewrites the file; read its diff.

mod inside;
pub(crate) mod pages;
mod polls;
mod requests;
mod rights;
mod roles;
mod rooms;
mod sent;
mod series;
mod shown;
mod swap;
mod world;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
    time::Instant,
};

use schakel_domain::access::Role;
use schakel_tests::{
    raw::{Method, call, methods},
    reason,
};
use strum::IntoEnumIterator;

use requests::{Row, rows};
use rights::is_undone;
use world::{Relation, State, World};

/// A method, in a state of the case that it is about.
type Head = (String, Option<State>);

/// A cell: method, state of the case, relation, role.
type Cell = (String, Option<State>, Relation, Role);

/// Calls that are under way at once.
const AT_ONCE: usize = 24;

fn file() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("it/matrix/matrix.txt")
}

#[expect(clippy::disallowed_methods, reason = "tests are told by the environment what to do")]
fn told(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// What one of the cells answers.
async fn answer(world: &World, cell: &Cell, method: &Method, row: &Row) -> String {
    let (_, state, relation, role) = cell;
    let things = &world.things[&state.unwrap_or(State::Open)];
    let request = (row.request)(world, things);
    match call(world.client(*role, *relation), method, request).await {
        Ok(answer) => format!("ok{}", shown::shown(&method.name, &answer, things)),
        Err(status) => reason(&status),
    }
}

/// What each of `cells` answers; what puts a case aside or no longer comes last, one by one.
async fn answers(world: &Arc<World>, cells: Vec<(Cell, Method, &'static Row)>) -> BTreeMap<Cell, String> {
    let mut answers = BTreeMap::new();
    let mut running = tokio::task::JoinSet::new();
    let (alone, together): (Vec<_>, Vec<_>) =
        cells.into_iter().partition(|(_, method, _)| is_undone(&method.name));
    for (cell, method, row) in together {
        if running.len() >= AT_ONCE {
            let (cell, told) = running.join_next().await.unwrap().unwrap();
            answers.insert(cell, told);
        }
        let world = Arc::clone(world);
        running.spawn(async move {
            let told = answer(&world, &cell, &method, row).await;
            (cell, told)
        });
    }
    while let Some(done) = running.join_next().await {
        let (cell, told) = done.unwrap();
        answers.insert(cell, told);
    }
    for (cell, method, row) in alone {
        let told = answer(world, &cell, &method, row).await;
        if told.starts_with("ok") {
            world.hold(cell.1.unwrap()).await;
        }
        answers.insert(cell, told);
    }
    answers
}

/// All cells, those that read first: what the others write can then not be in their way.
fn cells() -> Vec<(Cell, Method, &'static Row)> {
    let mut cells = Vec::new();
    for method in methods() {
        let row = rows().find(|row| row.method == method.name).unwrap();
        let states: Vec<_> = if row.of_case { State::iter().map(Some).collect() } else { vec![None] };
        for state in states {
            for relation in Relation::iter() {
                for role in Role::iter() {
                    cells.push(((method.name.clone(), state, relation, role), method.clone(), row));
                }
            }
        }
    }
    let reads = |name: &str| {
        ["Get", "List", "WhoAmI", "Watch", "Find", "Route"]
            .iter()
            .any(|verb| name.contains(&format!(".{verb}")))
    };
    cells.sort_by_key(|((method, ..), ..)| !reads(method));
    cells
}

/// The matrix as it is read: a line for each answer pattern of a method in a state, for the
/// relations that have it; the most frequent answer is that of the `rest`.
fn written(answers: &BTreeMap<Cell, String>) -> String {
    let mut lines: BTreeMap<Head, Vec<(Vec<Relation>, String)>> = BTreeMap::new();
    let heads: BTreeSet<Head> = answers.keys().map(|(method, state, ..)| (method.clone(), *state)).collect();
    for head in heads {
        for relation in Relation::iter() {
            let mut roles: BTreeMap<&str, Vec<Role>> = BTreeMap::new();
            for role in Role::iter() {
                let cell = (head.0.clone(), head.1, relation, role);
                roles.entry(answers[&cell].as_str()).or_default().push(role);
            }
            let most = roles.values().map(Vec::len).max().unwrap_or_default();
            let rest = *roles.iter().find(|(_, roles)| roles.len() == most).unwrap().0;
            let mut parts: Vec<String> = roles
                .iter()
                .filter(|(told, _)| **told != rest)
                .map(|(told, roles)| {
                    let names: Vec<_> = roles.iter().map(ToString::to_string).collect();
                    format!("{told} = {}", names.join(" "))
                })
                .collect();
            parts.push(format!("{rest} = rest"));
            let line = parts.join("; ");
            let same = lines.entry(head.clone()).or_default();
            match same.iter_mut().find(|(_, known)| *known == line) {
                Some((relations, _)) => relations.push(relation),
                None => same.push((vec![relation], line)),
            }
        }
    }
    let mut text = String::from(HEAD);
    for ((method, state), lines) in lines {
        for (relations, line) in lines {
            let state = state.map_or_else(|| "-".to_owned(), |state| state.to_string());
            let relations: Vec<_> = relations.iter().map(ToString::to_string).collect();
            text.push_str(&[method.as_str(), &state, &relations.join(" "), &line].join(" | "));
            text.push('\n');
        }
    }
    text
}

const HEAD: &str = "\
# Who may do what: method | state of the case | relations | answer = roles; …
# An answer is the reason of the refusal, or ok with the data classes that are shown.
# ETAG_MISMATCH, FIELD_REQUIRED and other faults of the request: the policy let it through.
# Made by tests/it/matrix from the answers of the server; SCHAKEL_MATRIX=write makes it anew.
";

/// The inverse of [`written`].
fn read(text: &str) -> BTreeMap<Cell, String> {
    let mut answers = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<_> = line.splitn(4, " | ").collect();
        let state = parts[1].parse().ok();
        for relation in parts[2].split(' ').map(|relation| relation.parse::<Relation>().unwrap()) {
            let cell = |role| (parts[0].to_owned(), state, relation, role);
            let groups: Vec<(&str, &str)> =
                parts[3].split("; ").map(|group| group.split_once(" = ").unwrap()).collect();
            for (told, roles) in groups.iter().rev() {
                let roles: Vec<Role> = if *roles == "rest" {
                    Role::iter().collect()
                } else {
                    roles.split(' ').map(|role| role.parse().unwrap()).collect()
                };
                for role in roles {
                    answers.insert(cell(role), (*told).to_owned());
                }
            }
        }
    }
    answers
}

#[test]
fn every_method_has_a_row_in_the_matrix() {
    let described: BTreeSet<_> = methods().into_iter().map(|method| method.name).collect();
    let called: BTreeSet<_> = rows().map(|row| row.method.to_owned()).collect();
    assert_eq!(described, called, "left: of the API; right: of the matrix");
    assert_eq!(called.len(), rows().count());
}

/// How many cells are passed over for one that is called: none in the full drill and when the
/// file is written. A rule that changes shows in many cells. On PostgreSQL every seventh: the
/// rules are the same, the SQL is not.
fn step(write: bool) -> usize {
    let full = told("SCHAKEL_DRILL").is_some_and(|size| size == "full");
    match told("TEST_DATABASE_URL") {
        _ if write => 1,
        Some(_) => 7,
        None if full => 1,
        None => 2,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn x11_every_method_answers_every_role_as_the_matrix_says() {
    let began = Instant::now();
    let world = Arc::new(World::start().await);
    let founded = began.elapsed();
    let mut cells = cells();
    let all = cells.len();
    let write = told("SCHAKEL_MATRIX").is_some_and(|wish| wish == "write");
    cells = cells.into_iter().step_by(step(write)).collect();
    let answers = answers(&world, cells).await;
    println!("{} of {all} cells in {:?}, the world in {founded:?}", answers.len(), began.elapsed());
    assert!(all >= 2_000);
    if write {
        std::fs::write(file(), written(&answers)).unwrap();
    }
    let expected = read(&std::fs::read_to_string(file()).unwrap());
    assert!(expected.keys().all(|cell| rows().any(|row| row.method == cell.0)), "cells of no method");
    let changed: Vec<_> = answers
        .iter()
        .filter(|(cell, told)| expected.get(cell) != Some(told))
        .map(|((method, state, relation, role), told)| {
            let state = state.map_or_else(|| "-".to_owned(), |state| state.to_string());
            let before = expected.get(&(method.clone(), state.parse().ok(), *relation, *role));
            format!("{method} {state} {relation} {role}: was {before:?}, is {told}")
        })
        .collect();
    assert!(changed.is_empty(), "{} cells changed:\n{}", changed.len(), changed.join("\n"));
}
