"""The pieces of HTML that the index is put together from; `markup.fill` escapes all that goes in."""

PAGE = """<div class="columns"><div class="left">
<section class="intro">
<h1>Larkspur Instruments starts people here</h1>
<p>A company with offices in Berlin, Denver, Pune, Adelaide and Apia, a stand-in for its Microsoft Entra tenant,
and the app. HR says who starts when; on the day a Temporary Access Pass exists for the right hours, the
hire’s computer shows Web sign-in, and the manager alone gets to see the pass. You play all of them, and the clock is
yours.</p>
<ol class="tour">
<li>Under “Who is coming”, <b>post the event</b> of a hire.</li>
<li>Move the clock to the <b>next notice</b>: the manager gets a first mail.</li>
<li>Move it to the <b>next morning</b>, open the manager’s <a href="/inbox">inbox</a> and the link in the mail.
Sign in as the manager.</li>
<li>At the hire’s <a href="/lock-screen">lock screen</a> choose the globe, and type the pass.
Restart, and type it again.</li>
</ol>
</section>
<section class="coming" id="coming">
<h2>Who is coming</h2>
{complaint}{form}
<ul class="hires">{coming}</ul>
<details><summary>Hires with one thing wrong, and accounts a pass would be dangerous for</summary>
<ul class="hires">{odd}</ul></details>
</section>
</div><div class="right">
{clock}
<section class="story"><h2>What has happened</h2><p class="quiet">Newest first, in Berlin’s time</p>
<ol class="told">{story}</ol></section>
<section class="doors"><h2>Where to look</h2><ul>{links}</ul></section>
</div></div>"""
COMPLAINT = '<p class="complaint" role="alert">{words}</p>'
CLOCK = """<section class="clock" aria-label="The clock">
<p class="big"><time data-clock="seconds" data-zone="{zone}">{time}</time></p>
<p class="date"><span data-clock="date" data-zone="{zone}">{date}</span> in Berlin</p>
<form method="post" action="/_faces/clock" class="buttons">{steps}{notice}{morning}</form>
<form method="post" action="/_faces/clock" class="set">
<label>Set it to <input type="datetime-local" name="local" value="{local}" required></label>
<label><span class="away">in</span><select name="zone">{zones}</select></label>
<button class="quiet">Set</button></form>
<p class="halts">On its way the clock halts for a moment where the app has something to do.</p>
{sweep}
</section>"""
STEP = '<button name="advance" value="{duration}">{words}</button>'
JUMP = '<button name="to" value="{to}">{words}<small>{shown}</small></button>'
ZONE = '<option value="{zone}">{city}</option>'
SWEEP = """<form method="post" action="/_faces/sweep" class="sweep"><button class="quiet">Run the sweep now</button>
<small>It also runs by itself every minute, and after a jump.</small></form>"""
EVENT_FORM = """<form method="post" action="/_faces/hire" id="event" class="event">
<p>Post an event as the HR system does, signed as Standard Webhooks. Starts</p>
<p class="fields"><label><span class="away">Day</span><select name="when">
<option value="soon">soon, the notice still to come</option><option value="today">today</option>
<option value="week">in a week</option><option value="date">on this date:</option></select></label>
<label><span class="away">Date</span><input type="date" name="date"></label>
<label>at <input type="time" name="time" aria-describedby="usual"></label>
<label><span class="away">Kind of event</span><select name="kind"><option value="hire.created">hire.created</option>
<option value="hire.updated">hire.updated</option>
<option value="hire.cancelled">hire.cancelled</option></select></label>
<small id="usual">No time: the site’s usual one.</small></p></form>"""
ALONE = (
    '<p class="complaint">This tenant runs alone, without the app: nothing can be posted. Use <code>make up</code>.</p>'
)
HIRE = """<li class="hire" id="{key}">
<h3>{name}</h3>{wrong}
<p class="place">{place}</p>
<p class="there"><time data-clock="short" data-zone="{zone}">{local}</time> <span class="quiet">{zone}</span></p>
<p class="with"><span class="quiet">Manager</span> {manager} <span class="quiet">· Device</span> {device}</p>
<p class="chips">{state}</p>
{post}
</li>"""
WRONG = '<p class="wrong">{words}</p>'
CHIP = '<span class="chip {tone}">{words}</span>'
POST = """<button form="event" name="hire" value="{key}">Post event<span class="away"> for {name}</span></button>"""
HAPPENING = '<li class="{tone}"><time datetime="{at}">{time}</time> <span>{words}</span></li>'
NOTHING_YET = "<li>Nothing yet. Post an event.</li>"
LINK = '<a href="{path}">{words}</a>'
DOOR = '<li><a href="{path}">{name}</a> <span>{words}</span></li>'
