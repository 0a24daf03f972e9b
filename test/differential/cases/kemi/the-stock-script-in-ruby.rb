# The script that Kamailio ships, with its syntax error mended (a line that begins with "or"). Debian's app_ruby starts Ruby without what Ruby
# itself writes in Ruby: Integer#to_i, which the script calls, is not there.
class Integer
  def to_i
    self
  end
end

shipped = File.read("/usr/share/doc/kamailio/examples/kemi/kamailio-basic-kemi-ruby.rb")
eval(shipped.gsub(/\n\s*or /, " or "), TOPLEVEL_BINDING)
