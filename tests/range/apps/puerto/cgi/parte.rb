#!/usr/bin/ruby
# SPDX-License-Identifier: GPL-2.0-or-later
# A log page: ERB made of what is asked, and an eval. Vulnerable on purpose.
require 'cgi'
require 'erb'
require 'json'
def fact(**what) = ($facts ||= []) << what
started = Time.now.to_f
q = CGI.new
build = ENV['BUILD'].to_s
shown = build == 'mudo' ? 'no' : 'yes'
out = error = nil
text = q['nota'].to_s
if q['suma'] != ''
  text = q['suma'].to_s
  if build == 'firme' && text !~ /\A[\d+*\/ .()-]{1,60}\z/
    fact(kind: 'code', language: 'ruby', text: text, error: nil, output: '', value: '', shown: shown, refused: true)
  else
    begin
      out = eval(text).to_s
    rescue Exception => e
      error = "#{e.class}: #{e.message}"
    end
    fact(kind: 'code', language: 'ruby', text: text, error: error, output: '', value: out.to_s[0, 4000], shown: shown, refused: false)
  end
else
  begin
    out = build == 'firme' ? CGI.escapeHTML(text) : ERB.new("Nota: #{text}").result(binding)
  rescue Exception => e
    error = "#{e.class}: #{e.message}"
  end
  fact(kind: 'template', engine: 'erb', text: text, output: out.to_s[0, 4000], error: error, shown: shown, bound: build == 'firme', plain: 'Nota')
end
print "Content-Type: text/html; charset=utf-8\r\n\r\n<html><body><h3>Parte</h3>\n"
print build == 'mudo' ? '<p>Registrado.</p>' : error ? '<p>No se pudo procesar.</p>' : "<div>#{out}</div>"
print "\n</body></html>\n"
$stdout.flush
File.open('/run/truth/requests', 'a') { |f| f.puts JSON.generate({ src: ENV['REMOTE_ADDR'], sport: ENV['REMOTE_PORT'].to_i, pid: Process.pid, line: "#{ENV['REQUEST_METHOD']} #{ENV['REQUEST_URI']}", start: started, end: Time.now.to_f, build: build, facts: $facts || [] }.transform_values { |v| v.is_a?(String) ? v.scrub : v }) } rescue nil
