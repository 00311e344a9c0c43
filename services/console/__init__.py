"""The console: what staff see and do in a browser, under `/console`; in a process of the role `console`.

**The way in.** `app.py` puts it together: the login (`door.py`, `login_page.py`: plain HTML), the gate (`gate.py`:
session, origin, headers) and behind it NiceGUI with our pages. NiceGUI exists once in a process; nothing of ours is
kept in it: a page gets all it needs from its `Visit`. Sessions are rows (`sessions.py`), failed logins are counted and
lock a name or an address (`entrance.py`), users are made by `services/accounts.py`. Only modules that draw import
NiceGUI; `services/serve.py` imports `app.py` where the role is wanted, so that no other command pays for it.

**A page** is a file in `pages/` with `async def build(visit)` that draws, and `PAGE = Page(path, title, right, build,
section=…, icon=…, listings=…)`; `menu.py` lists it. Without an icon it is not in the menu. The frame (`frame.py`),
the check of the right, the title, what is shown where the database is away or something fails, and the language are
`page.py`'s. `visit.params` are the parts of the address (`/messages/{message_id}`), `visit.query` what follows `?`.

**Texts** stand beside the code: `say = Words({"key": ("español", "English")})`, then `visit.say(say, "key", name=…)`;
titles are pairs `(es, en)`. Words that many pages use are in `words.py`: `visit.state("delivered")`,
`visit.channel("sms")`, `visit.role("admin")`, `visit.common("cancel")`. Numbers, money and instants are written by
`visit.formats` (`number`, `share`, `money`, `instant`, `contact(at, debtor_zone)`, `day`, `lasting`).

**Reading.** No SQL here: `await visit.reading(store_function, …)` calls a function of `services/store` with a
connection. A page's queries are cheap on ten million messages: the latest rows come from the end of a primary key,
nothing counts a table. What changes by itself is read through `visit.console.feeds.latest(name, seconds, read)`, once
for all who look, and shown by `kit.every(seconds, show)`.

**Drawing.** `kit.py` has the pieces (`card`, `grid`, `stat`, `facts`, `badge`, `notice`, `empty`, `link`, `button`,
`text`, `tag`); texts are never read as HTML, and `ui.html` and `ui.markdown` are not used with what others wrote.
`charts.py` draws. Styles are in `assets/console.css`, in plain CSS; every picture has its words, every input its label.

**A table with export** is a `Listing(name, right, columns, read, place, empty)`: `read(visit, filters, after, limit)`
gives rows that follow a place (keyset), `await listing.table(visit, LISTING, filters)` shows it, and
`PAGE.listings=(LISTING,)` gives it `/console/export/<name>.csv` and `.xlsx`. Filters end up in an address: never put
personal data there.

**Doing something** goes through `actions.act(visit, Deed(right, action, subject, details), work, done=…)`: session and
right are looked at again, `work(connection)` and the audit record are one commit, `Refusal("…")` undoes and tells why.
`actions.ask_reason` asks for a reason first. Where the work records itself, the Deed's action is None and the actor is
`trail.actor(visit.visitor.name)`.

**Roles** are in `rights.py`: pages and deeds name a `Right`, never a role. **Personal data** is masked (`masking.py`)
for everybody; who has `Right.UNMASK` may see one person for once, with a reason, on record.
"""
