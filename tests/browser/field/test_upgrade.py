"""The database of the app grows a store while work waits in it."""

from playwright.sync_api import expect

from tests.browser.conftest import login
from tests.browser.field.conftest import Ask, Tablet, visits, write_visit
from tests.browser.field.pictures import photograph, sha256, upload
from tests.browser.field.test_offline import ALL_SENT
from tests.browser.field.wire import Wire

# The whole database as the version before had it: the same rows, without the newest store.
BACK = """async ([name, version, newest]) => {
    const opened = (version, upgrade) => new Promise((resolve, reject) => {
        const opening = indexedDB.open(name, version);
        opening.onupgradeneeded = () => upgrade(opening.result);
        opening.onerror = () => reject(opening.error);
        opening.onblocked = () => reject(new Error('blocked'));
        opening.onsuccess = () => resolve(opening.result);
    });
    const asked = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    const now = await opened(undefined, () => {});
    const stores = [];
    for (const store of [...now.objectStoreNames].filter((one) => !newest.includes(one))) {
        const source = now.transaction(store).objectStore(store);
        const indexes = [...source.indexNames].map((one) => [one, source.index(one).keyPath]);
        const [keys, values] = await Promise.all([asked(source.getAllKeys()), asked(source.getAll())]);
        stores.push({ store, keyPath: source.keyPath, indexes, keys, values });
    }
    now.close();
    await asked(indexedDB.deleteDatabase(name));
    const old = await opened(version, (db) => {
        for (const { store, keyPath, indexes } of stores) {
            const made = db.createObjectStore(store, keyPath === null ? {} : { keyPath });
            for (const [index, path] of indexes) made.createIndex(index, path);
        }
    });
    for (const { store, keyPath, keys, values } of stores) {
        const tx = old.transaction(store, 'readwrite');
        values.forEach((value, at) => tx.objectStore(store).put(value, ...(keyPath === null ? [keys[at]] : [])));
        await new Promise((done, failed) => { tx.oncomplete = done; tx.onabort = () => failed(tx.error); });
    }
    const told = [...old.objectStoreNames];
    old.close();
    return told;
}"""


def test_unsent_work_goes_through_an_upgrade_of_the_database(
    tablet: Tablet, wire: Wire, ask: Ask, mark: str
) -> None:
    page = tablet.start_work()
    first, second = tablet.ids(2)
    page.reload()  # under the worker's control
    page.wait_for_selector("body[data-ready]")
    wire.set("cut")
    data = photograph((800, 600))
    write_visit(page, first, f"演示：旧版数据库 {mark}", [upload("a.jpg", data)])
    page.goto(f"/field/#/sites/{second}/inspect")
    page.locator("textarea").press_sequentially("写到一半")
    ((number,),) = ask("select id from accounts_user where username = 'inspector'")
    wire.set("through")
    page.goto("/healthz")  # of the same origin, and nobody has the database open
    stores = page.evaluate(BACK, [f"field-{number}", 2, ["tracks"]])
    assert "tracks" not in stores
    wire.set("cut")
    tablet.go()
    expect(page.locator(".pill")).to_contain_text("3 条未上传")
    assert tablet.stored(int(str(number)), "tracks") == []
    page.goto(f"/field/#/sites/{second}/inspect")
    expect(page.locator("textarea")).to_have_value("写到一半")
    wire.set("through")
    login(page, "inspector")
    tablet.go("sync")
    expect(page.locator(".pill")).to_contain_text(ALL_SENT, timeout=60_000)
    assert visits(ask, f"演示：旧版数据库 {mark}") == 1
    ((count,),) = ask("select count(*) from projects_photo where sha256 = ?", sha256(data))
    assert count == 1
