// Tells the server in which time zone this browser is, so that instants are shown in it.
document.getElementById("zone").value = Intl.DateTimeFormat().resolvedOptions().timeZone;
