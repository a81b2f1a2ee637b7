//! The audit log: what stands in it, that nobody changes it unseen, and who may ask it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod asked;
mod dice;
mod lines;
mod sound;
mod tamper;

use schakel_domain::{
    access::{Class, Classes},
    ids::RegionId,
};
use schakel_server::{
    access::{
        Grant, Worker,
        found_region::{Founding, found_region},
    },
    app::App,
    audit::seal,
    entity::{audit, audit_leaf, audit_seal},
    store::audit::{Deed, Line},
};
use schakel_tests::TestServer;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};
use uuid::Uuid;

/// The whole log, out of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Log {
    lines: Vec<audit::Model>,
    leaves: Vec<audit_leaf::Model>,
    seals: Vec<audit_seal::Model>,
}

impl Log {
    async fn read(db: &DatabaseConnection) -> Self {
        Self {
            lines: audit::Entity::find()
                .order_by_asc(audit::Column::RegionId)
                .order_by_asc(audit::Column::Id)
                .all(db)
                .await
                .unwrap(),
            leaves: audit_leaf::Entity::find()
                .order_by_asc(audit_leaf::Column::RegionId)
                .order_by_asc(audit_leaf::Column::Seq)
                .all(db)
                .await
                .unwrap(),
            seals: audit_seal::Entity::find()
                .order_by_asc(audit_seal::Column::RegionId)
                .order_by_asc(audit_seal::Column::Batch)
                .all(db)
                .await
                .unwrap(),
        }
    }

    /// Puts this log in the place of the one that stands, as the database's owner could.
    async fn put(self, db: &DatabaseConnection) {
        for table in ["audit", "audit_leaf", "audit_seal"] {
            db.execute_unprepared(&format!("DELETE FROM {table}")).await.unwrap();
        }
        macro_rules! insert {
            ($($table:ident: $rows:expr),*) => {$(
                if !$rows.is_empty() {
                    let rows = $rows.into_iter().map($table::ActiveModel::from);
                    $table::Entity::insert_many(rows).exec_without_returning(db).await.unwrap();
                }
            )*};
        }
        insert!(audit: self.lines, audit_leaf: self.leaves, audit_seal: self.seals);
    }
}

/// Takes away what keeps the program from changing the log: its owner can.
async fn as_the_owner(db: &DatabaseConnection) {
    for table in ["audit", "audit_leaf", "audit_seal"] {
        if db.get_database_backend() == DbBackend::Postgres {
            db.execute_unprepared(&format!("ALTER TABLE {table} DISABLE TRIGGER ALL")).await.unwrap();
            continue;
        }
        for what in ["update", "delete"] {
            db.execute_unprepared(&format!("DROP TRIGGER {table}_no_{what}")).await.unwrap();
        }
    }
}

/// One transaction that writes down `count` things about `subject`.
async fn write_down(app: &App, region: RegionId, count: usize, subject: Uuid) {
    let line = Line {
        deed: Deed::R,
        object: "case",
        id: Some(subject),
        subject: Some(subject),
        classes: Classes::of(&[Class::K1, Class::K3]),
    };
    let lines = &vec![line; count];
    let grant = Grant::worker(Worker::Cases, region);
    app.write(&grant, None, |tx| async move { tx.audit_all(lines).await }).await.unwrap();
}

/// Seals until all but `left` lines are sealed, and says how many that were. On PostgreSQL a
/// seal waits for every transaction of the cluster, also those of tests that run beside this.
async fn sealed_but(app: &App, region: RegionId, left: u64) -> usize {
    let db = sea_orm::Database::connect(&app.settings.database.url).await.unwrap();
    let leaves = audit_leaf::Entity::find().filter(audit_leaf::Column::RegionId.eq(region.0));
    let lines = audit::Entity::find().filter(audit::Column::RegionId.eq(region.0));
    let mut sealed = 0;
    loop {
        sealed += seal::work(app, region).await.unwrap();
        if leaves.clone().count(&db).await.unwrap() + left == lines.clone().count(&db).await.unwrap() {
            db.close().await.unwrap();
            return sealed;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

async fn sealed(app: &App, region: RegionId) -> usize {
    sealed_but(app, region, 0).await
}

/// A second region in the same database.
async fn another_region(server: &TestServer) -> RegionId {
    let founding = Founding {
        swv_code: "PO9902".into(),
        display_name: "SWV PO Lisdonk".parse().unwrap(),
        sender_name: "Overleg".parse().unwrap(),
        administrator: (
            "BEH1".parse().unwrap(),
            "Bo Heer".parse().unwrap(),
            "beheer@lisdonk.example".parse().unwrap(),
        ),
    };
    found_region(&server.app, &founding).await.unwrap().region
}
